//! Finds the values of a text.

use std::sync::LazyLock;

use regex::Regex;

use super::measure::is_measured;
use super::numeral::{self, ONE};
use super::tables::{Amount, Tables};
use super::{Reading, Value, ValueKind};
use crate::model::{Language, Span};
use crate::text::fold;

// Matches `https://qosha.example/a?b=1` and `www.example.org`; not `example` or `a.b`.
static URL: LazyLock<Regex> =
    LazyLock::new(|| compiled(r#"(?i)\b(?:https?://|www\.)[^\s<>"“”«»]+"#));
// Matches `info@school-road.example`; not `@school` or `a@b`.
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?i)[\p{L}0-9._%+\-]+@[\p{L}0-9\-]+(?:\.[\p{L}0-9\-]+)+"));
// Matches `(012) 555-01-47` and `+994 12 555 01 47`; not `2022/2023` or `4-9`.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?:\+\d{1,3}[\s\-]?)?(?:\(\d{2,5}\)|\d{2,4})[\s\-]\d{2,4}[\s\-]\d{2}[\s\-]?\d{2}")
});
// Matches `1,240`, `412 500`, `12:30`, `3`; not `a`. Groups of a space take exactly three digits.
static NUMERAL: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"\d{1,3}(?:[ \u{A0}\u{202F}]\d{3})+(?:[.,]\d+)?|\d+(?:[.,:/]\d+)*"));

#[expect(clippy::expect_used, reason = "constant expressions, compiled in a test")]
fn compiled(expression: &str) -> Regex {
    Regex::new(expression).expect("a constant expression")
}

/// The longest mark between the numbers of a range, in letters with its blanks: ` to `, `-dən `, ` və `, ` или `.
const LONGEST_RANGE_MARK: usize = 6;

/// Words between a part and what it is a part of: half an hour, un quart d'heure.
const SMALL_WORDS: [&str; 5] = ["a", "an", "of", "d", "de"];

/// The fewest letters glued to a numeral that are no ending: `2020ci`, `10th`.
const LEAST_NAME: usize = 4;

/// A piece of text that values are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) span: Span,
    pub(super) is_numeral: bool,
}

/// Returns the values of a text in order, not overlapping; spans are bytes of `text`.
///
/// # Example
/// ```
/// use qosha::{model::Language, text::values::find};
/// let source = find("1,240 houses by 12 p.m. on October 9", Language::EN);
/// let target = find("oktyabrın 9-u saat 12:00-dək 1240 ev", Language::AZ);
/// assert!(source.iter().all(|value| target.iter().any(|other| value.agrees(other))));
/// ```
pub fn find(text: &str, language: Language) -> Vec<Value> {
    let mut values = addresses(text);
    let tables = Tables::of(language);
    let tokens = tokens(text, &values);
    let mut at = 0;
    while at < tokens.len() {
        let reader = Reader { text, tables, tokens: &tokens, language };
        let (value, next) =
            if tokens[at].is_numeral { reader.numeral(at) } else { reader.words(at) };
        if let Some(value) = value {
            // A date has the year that was read before it.
            let is_in = |known: &Value| value.span.start <= known.span.start;
            while values.last().is_some_and(|known| is_in(known) && !known.kind.is_address()) {
                values.pop();
            }
            values.push(value);
        }
        at = next.max(at + 1);
    }
    values.sort_by_key(|value| value.span);
    share_units(text, &mut values);
    values
}

/// Gives the first number of a range the unit of the second: `1 to 4 inches`.
fn share_units(text: &str, values: &mut [Value]) {
    for at in (1..values.len()).rev() {
        let [first, second] = &mut values[at - 1..=at] else { continue };
        let between = text.get(first.span.end..second.span.start).unwrap_or_default();
        let is_range = !between.is_empty()
            && between.chars().count() <= LONGEST_RANGE_MARK
            && between.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "-–—".contains(c));
        let is_number = |value: &Value| value.kind == ValueKind::Number;
        if is_range && is_number(first) && is_number(second) && first.unit.is_none() {
            first.unit = second.unit.filter(|unit| is_measured(unit));
        }
    }
}

/// Returns where a text names a month in full, and which one, from 1; spans are bytes of `text`. In English and German the name
/// has a capital: `may` and `march` are other words.
///
/// # Example
/// ```
/// use qosha::{model::{Language, Span}, text::values::months};
/// assert_eq!(months("iyunda və martın sonunda", Language::AZ), [(Span::new(0, 6), 6), (Span::new(11, 18), 3)]);
/// ```
pub fn months(text: &str, language: Language) -> Vec<(Span, u8)> {
    let tables = Tables::of(language);
    let needs_capital = matches!(language.code(), "en" | "de");
    let tokens = tokens(text, &[]).into_iter().filter(|token| !token.is_numeral);
    let month = |token: Token<'_>| {
        let is_written = !needs_capital || token.text.starts_with(char::is_uppercase);
        let number = || tables.whole_month(&fold(token.text, language), language);
        is_written.then(number).flatten().map(|number| (token.span, number))
    };
    tokens.filter_map(month).collect()
}

/// Returns where a text names a day of the week, and which one, from 1 for Monday; spans are bytes of `text`. In English and
/// German the name has a capital.
///
/// # Example
/// ```
/// use qosha::{model::{Language, Span}, text::values::weekdays};
/// assert_eq!(weekdays("bazara bazar ertəsi gedirik", Language::AZ), [(Span::new(7, 20), 1)]);
/// ```
pub fn weekdays(text: &str, language: Language) -> Vec<(Span, u8)> {
    let tables = Tables::of(language);
    let needs_capital = matches!(language.code(), "en" | "de");
    let tokens = tokens(text, &[]);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_written = !needs_capital || tokens[at].text.starts_with(char::is_uppercase);
        let Some((day, count)) =
            tables.weekday(tokens[at..].iter().map(|token| token.text)).filter(|_| is_written)
        else {
            at += 1;
            continue;
        };
        found.push((Span::new(tokens[at].span.start, tokens[at + count - 1].span.end), day));
        at += count;
    }
    found
}

/// Finds web and e-mail addresses and phone numbers. A final mark is no part of an address.
fn addresses(text: &str) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    // Most texts hold none of these.
    let has_url = text.contains("://") || text.contains("www.") || text.contains("WWW.");
    let mut add = |found: regex::Match<'_>, kind: ValueKind| {
        let bare = found
            .as_str()
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '’', '-']);
        let span = Span::new(found.start(), found.start() + bare.len());
        if values.iter().any(|value| value.span.overlaps(span)) {
            return;
        }
        let key = match kind {
            ValueKind::Phone => bare.chars().filter(char::is_ascii_digit).collect(),
            _ => bare.trim_end_matches('/').to_ascii_lowercase(),
        };
        values.push(Value {
            span,
            kind,
            readings: vec![Reading::Text(key)],
            unit: None,
            unit_span: None,
            magnitude: None,
            is_digits: true,
            is_sure: true,
        });
    };
    if has_url {
        URL.find_iter(text).for_each(|found| add(found, ValueKind::Url));
    }
    if text.contains('@') {
        EMAIL.find_iter(text).for_each(|found| add(found, ValueKind::Email));
    }
    if text.bytes().filter(u8::is_ascii_digit).count() >= 7 {
        PHONE.find_iter(text).for_each(|found| {
            let digits = found.as_str().bytes().filter(u8::is_ascii_digit).count();
            let is_whole = !text[found.end()..].starts_with(|c: char| c.is_ascii_digit())
                && !text[..found.start()].ends_with(|c: char| c.is_ascii_digit());
            if (7..=15).contains(&digits) && is_whole {
                add(found, ValueKind::Phone);
            }
        });
    }
    values
}

/// Cuts what lies outside of addresses into numerals and runs of letters.
fn tokens<'t>(text: &'t str, taken: &[Value]) -> Vec<Token<'t>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let is_taken = |span: Span| {
        taken.iter().find(|value| value.span.overlaps(span)).map(|value| value.span.end)
    };
    while let Some(letter) = text[at..].chars().next() {
        if letter.is_ascii_digit() {
            let end = at + numeral_length(&text[at..]);
            let span = Span::new(at, end);
            match is_taken(span) {
                Some(end) => at = end,
                None => {
                    tokens.push(Token { text: span.of(text), span, is_numeral: true });
                    at = end;
                }
            }
        } else if letter.is_alphabetic() {
            let length = text[at..]
                .find(|c: char| !c.is_alphabetic() && c != '\u{307}')
                .unwrap_or(text.len() - at);
            let span = Span::new(at, at + length);
            match is_taken(span) {
                Some(end) => at = end.max(at + length),
                None => {
                    tokens.push(Token { text: span.of(text), span, is_numeral: false });
                    at += length;
                }
            }
        } else {
            at += letter.len_utf8();
        }
    }
    tokens
}

/// Returns the length of the numeral that a text begins with.
fn numeral_length(text: &str) -> usize {
    // Longer rows of digits and separators are no numeral that a person reads.
    let window = text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end]);
    let Some(found) = NUMERAL.find(window) else { return 1 };
    // 1:7 is a score, two numbers; 12:30 is a time.
    if let Some((first, second)) = found.as_str().split_once(':')
        && second.len() != 2
        && second.bytes().all(|byte| byte.is_ascii_digit())
        && first.bytes().all(|byte| byte.is_ascii_digit())
    {
        return first.len();
    }
    let is_cut = text[found.end()..].starts_with(|c: char| c.is_ascii_digit());
    if found.start() > 0 {
        return 1;
    }
    if is_cut && found.as_str().contains(char::is_whitespace) {
        // 12 3456: not grouped by spaces after all.
        return found.as_str().find(char::is_whitespace).unwrap_or(found.end());
    }
    found.end()
}

/// Reads the values at a token with what stands around it.
pub(super) struct Reader<'a, 't> {
    pub(super) text: &'t str,
    pub(super) tables: &'static Tables,
    pub(super) tokens: &'a [Token<'t>],
    pub(super) language: Language,
}

impl Reader<'_, '_> {
    /// Returns what stands between two neighbouring tokens.
    pub(super) fn between(&self, left: usize) -> &str {
        let end = self.tokens[left].span.end;
        let start = self.tokens.get(left + 1).map_or(self.text.len(), |token| token.span.start);
        &self.text[end..start]
    }

    /// Says whether the next token follows behind blanks only (a stop or hyphen may stand in between).
    pub(super) fn is_next(&self, left: usize) -> bool {
        let between = self.between(left);
        left + 1 < self.tokens.len()
            && between.len() <= 4
            && between.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '-' | '\u{2011}'))
    }

    /// Returns the place of the last token of a numeral with the ending glued to it: `12-ci`, `10'dan`, `3rd`.
    pub(super) fn with_ending(&self, at: usize) -> usize {
        let Some(next) = self.tokens.get(at + 1).filter(|next| !next.is_numeral) else { return at };
        let between = self.between(at);
        let is_glued =
            matches!(between, "-" | "'" | "’" | "\u{2011}" | "–") && next.text.chars().count() <= 7;
        let is_english = between.is_empty() && matches!(next.text, "st" | "nd" | "rd" | "th" | "s");
        let is_ending = is_glued && self.tables.unit(next.text).is_none() || is_english;
        if is_ending { at + 1 } else { at }
    }

    /// Reads a numeral with what stands around it.
    fn numeral(&self, at: usize) -> (Option<Value>, usize) {
        let token = self.tokens[at];
        let mut readings = numeral::readings(token.text);
        let mut span = token.span;
        let end = self.with_ending(at);
        let mut last = end;
        let mut kind = match readings[0] {
            Reading::Date { .. } => ValueKind::Date,
            Reading::Time(_) | Reading::Text(_) if token.text.contains(':') => ValueKind::Time,
            _ => ValueKind::Number,
        };
        if kind == ValueKind::Time && self.names_afternoon() {
            // `10:00-11:00 pm`: the mark at the end of a range counts for its start too.
            let later = readings.iter().find_map(|reading| match reading {
                Reading::Time(minutes) if *minutes < 720 => Some(Reading::Time(minutes + 720)),
                _ => None,
            });
            readings.extend(later);
        }
        let mut magnitude = None;
        let (mut unit, mut unit_span) = (None, None);
        let whole = token.text.parse::<u16>().ok();
        let following = |place: usize| {
            self.tokens
                .get(place + 1)
                .filter(|_| self.is_next(place) && !self.tokens[place + 1].is_numeral)
        };
        if let Some((date, first, final_token)) =
            whole.and_then(|number| self.date(at, end, number))
        {
            span = Span::new(self.tokens[first].span.start, self.tokens[final_token].span.end);
            // `June 19 to 23` names the month once: the other day is a bare number.
            readings.insert(0, date);
            kind = ValueKind::Date;
            last = final_token;
        } else if let Some((minutes, length)) = self.half_day(token, &readings) {
            span.end += length;
            readings.insert(0, Reading::Time(minutes));
            kind = ValueKind::Time;
            while self.tokens.get(last + 1).is_some_and(|next| next.span.start < span.end) {
                last += 1;
            }
        } else {
            if let Some(next) = following(end)
                && let Some(value) =
                    self.tables.magnitude(next.text).filter(|_| self.is_magnitude(next))
                && readings.iter().any(|reading| matches!(reading, Reading::Number(_)))
            {
                magnitude = Some(value);
                multiply(&mut readings, value);
                last = end + 1;
                span.end = next.span.end;
            }
            if let Some(half) = self.half_behind(end) {
                readings.extend(more(&readings, ONE / 2));
                last = half;
                if let Some(next) = following(last)
                    && let Some(value) = self.tables.magnitude(next.text)
                {
                    magnitude = Some(value);
                    multiply(&mut readings, value);
                    last += 1;
                }
            } else if let Some((several, place)) = self.amount_behind(last) {
                readings.extend(
                    numbers(&readings).flat_map(|n| several.readings(n)).collect::<Vec<_>>(),
                );
                (unit, last) = (several.unit, place);
            }
            if let Some((sign, place)) = self.sign(token.span.start, span.end) {
                (unit, unit_span) = (Some(sign), Some(place));
            } else if unit.is_none()
                && let Some(next) = following(last)
                && let Some(found) = self.tables.unit(next.text)
                && !self.text[next.span.end..].starts_with(['²', '³'])
            {
                (unit, unit_span) = (Some(found), Some(next.span));
                // An amount keeps its unit in view.
                if found == "percent" {
                    span.end = next.span.end;
                }
                last += 1;
                if let Some((smaller, place)) = self.smaller(found, last) {
                    readings.extend(more(&readings, smaller));
                    last = place;
                } else if let Some(half) = self.half_behind(last) {
                    readings.extend(more(&readings, ONE / 2));
                    last = half;
                }
                let time = whole.and_then(|hour| self.hour_of_day(hour, unit, last + 1));
                readings.extend(time);
            }
            if unit.is_none() && at > 0 && self.is_next(at - 1) && !self.tokens[at - 1].is_numeral {
                // `Article 28`, `yüzde 40`, `saat 12-də`.
                let before = self.tables.unit(self.tokens[at - 1].text);
                match before {
                    Some(found @ ("percent" | "article")) => unit = Some(found),
                    Some("hour") if matches!(self.language.code(), "az" | "tr") => {
                        if let Some(hour) = whole.filter(|hour| *hour <= 24) {
                            readings.push(Reading::Time(hour * 60));
                        }
                    }
                    _ => {}
                }
            }
        }
        if unit == Some("percent") {
            kind = ValueKind::Percent;
            if self.text[span.end..].trim_start().starts_with('%') {
                span.end = self.text.len() - self.text[span.end..].trim_start().len() + 1;
            }
        }
        let is_year = kind == ValueKind::Number
            && unit.is_none_or(|unit| unit == "year")
            && magnitude.is_none()
            && token.text.len() == 4
            && whole.is_some_and(|year| (1500..2100).contains(&year));
        if is_year {
            kind = ValueKind::Date;
            if unit == Some("year") {
                unit = None;
            }
            let month = self.month_of_year(end);
            if let Some((month, place)) = month {
                span.end = self.tokens[place].span.end;
                last = place;
                readings.insert(0, Reading::Date { year: whole, month: Some(month), day: None });
            } else {
                readings.push(Reading::Date { year: whole, month: None, day: None });
            }
            if let Some(year) = whole.filter(|year| year % 10 == 0 && self.is_decade(at, end)) {
                readings.push(Reading::Number(i128::from(year % 100) * ONE));
            }
        } else if let Some(year) = self.short_year(at) {
            readings.push(Reading::Number(i128::from(year) * ONE));
            readings.push(Reading::Date { year: Some(year), month: None, day: None });
        }
        let is_number = !self.is_in_name(token.span.end, last == at);
        let value = Value {
            span,
            kind,
            readings,
            unit,
            unit_span,
            magnitude,
            is_digits: is_number,
            is_sure: is_number,
        };
        (Some(value), last + 1)
    }

    /// Says whether the letters glued to a numeral make it a part of a name, such as `24news`; `is_alone` where they are no unit.
    fn is_in_name(&self, end: usize, is_alone: bool) -> bool {
        is_alone
            && self.text[end..].chars().take(LEAST_NAME).filter(|c| c.is_lowercase()).count()
                == LEAST_NAME
    }

    /// Returns the month behind a year in Azerbaijani and Turkish, with its place: `2020-ci ilin oktyabrında`. A month with a day
    /// is a date of its own.
    fn month_of_year(&self, end: usize) -> Option<(u8, usize)> {
        if !matches!(self.language.code(), "az" | "tr") {
            return None;
        }
        let is_word = |place: usize| self.is_next(place) && !self.tokens[place + 1].is_numeral;
        let year = Some(end + 1).filter(|_| is_word(end))?;
        let place = Some(year + 1).filter(|_| {
            self.tables.unit(self.tokens[year].text) == Some("year") && is_word(year)
        })?;
        let month = self.tables.month(self.tokens[place].text)?;
        let has_day = self.is_next(place) && self.tokens[place + 1].is_numeral;
        (!has_day).then_some((month, place))
    }

    /// `min` and `bin` are magnitudes when they stand behind a numeral with a blank, `m` and `k` are not words here.
    fn is_magnitude(&self, token: &Token<'_>) -> bool {
        token.text.chars().count() > 1
            || self.text[..token.span.start].ends_with(|c: char| c.is_ascii_digit())
    }

    /// Returns the unit of a sign that stands before or behind a number.
    fn sign(&self, start: usize, end: usize) -> Option<(&'static str, Span)> {
        let unit = |c: char| match c {
            '%' | '٪' => Some("percent"),
            '$' => Some("dollar"),
            '€' => Some("euro"),
            '£' => Some("pound"),
            '₼' => Some("manat"),
            '₽' => Some("rouble"),
            '₺' => Some("lira"),
            '°' => Some("degree"),
            _ => None,
        };
        let blanks = [' ', '\u{A0}', '\u{202F}'];
        let behind = self.text[end..].trim_start_matches(blanks).chars().next();
        let behind = behind.and_then(|sign| {
            let blanks = self.text[end..].find(sign)?;
            Some((unit(sign)?, Span::new(end + blanks, end + blanks + sign.len_utf8())))
        });
        behind.or_else(|| {
            let before = self.text[..start].trim_end_matches(blanks);
            let sign = before.chars().next_back()?;
            Some((unit(sign)?, Span::new(before.len() - sign.len_utf8(), before.len())))
        })
    }

    /// Reads a row of number words, or a month by itself.
    fn words(&self, at: usize) -> (Option<Value>, usize) {
        let token = self.tokens[at];
        let is_capital = token.text.starts_with(char::is_uppercase);
        // A month alone: capitals where the language writes them, so that `may` and `mart` in other senses do not count.
        if let Some(month) = self.tables.month(token.text) {
            let is_next_day = self
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.is_numeral && self.is_next(at) && next.text.len() <= 2);
            let needs_capital = matches!(self.language.code(), "en" | "de" | "tr");
            let letters = token.text.chars().count();
            if !is_next_day && letters >= 3 && (is_capital || !needs_capital) {
                let mut span = token.span;
                let year = self
                    .tokens
                    .get(at + 1)
                    .filter(|next| next.is_numeral && next.text.len() == 4 && self.is_next(at));
                let year = year.and_then(|next| {
                    next.text.parse::<u16>().ok().map(|year| (year, next.span.end))
                });
                let mut next = at + 1;
                if let Some((_, end)) = year {
                    span.end = end;
                    next = self.with_ending(at + 1) + 1;
                }
                let reading = Reading::Date {
                    year: year.map(|(year, _)| year),
                    month: Some(month),
                    day: None,
                };
                let value = Value {
                    span,
                    kind: ValueKind::Date,
                    readings: vec![reading],
                    unit: None,
                    unit_span: None,
                    magnitude: None,
                    is_digits: year.is_some(),
                    is_sure: year.is_some(),
                };
                return (Some(value), next);
            }
            if is_next_day {
                return (None, at + 1);
            }
        }
        if let Some(minutes) = self.tables.time(token.text) {
            let mut value = word_value(token.span, vec![Reading::Time(minutes)], None, false);
            value.kind = ValueKind::Time;
            return (Some(value), at + 1);
        }
        if let Some(number) = numeral::roman(token.text) {
            let readings = vec![Reading::Number(i128::from(number) * ONE)];
            return (Some(word_value(token.span, readings, None, false)), at + 1);
        }
        if let Some(found) = self.fraction(at) {
            return found;
        }
        if let Some((number, unit)) = self.tables.compound(token.text) {
            let readings = vec![Reading::Number(i128::from(number) * ONE)];
            return (Some(word_value(token.span, readings, Some(unit), true)), at + 1);
        }
        let (mut unit, mut unit_span) = (None, None);
        let (mut readings, mut last, is_sure, has_amount) = match self.row(at) {
            Some(row) => {
                let number = i128::from(row.number) * ONE;
                if let Some(half) = self.half_behind(row.last) {
                    (vec![Reading::Number(number + ONE / 2)], half, row.is_sure, true)
                } else if let Some((several, end)) = self.amount_behind(row.last) {
                    unit = several.unit;
                    // `first quarter` is no quarter: the number itself counts too.
                    let mut readings = several.readings(number);
                    readings.push(Reading::Number(number));
                    (readings, end, row.is_sure, true)
                } else {
                    let mut readings = vec![Reading::Number(number)];
                    // `third` is also one of three parts.
                    let part = self.tables.amount(token.text).filter(|_| row.last == at);
                    readings.extend(part.into_iter().flat_map(|part| part.readings(ONE)));
                    (readings, row.last, row.is_sure, false)
                }
            }
            None => {
                let Some(several) = self.tables.amount(token.text) else { return (None, at + 1) };
                unit = several.unit;
                (several.readings(ONE), at, several.is_sure, true)
            }
        };
        if has_amount
            && let Some(next) = self.behind(last, &SMALL_WORDS)
            && let Some(value) = self.tables.magnitude(self.tokens[next].text)
        {
            multiply(&mut readings, value);
            last = next;
        }
        let small_words = if has_amount { &SMALL_WORDS[..] } else { &[] };
        let span = Span::new(token.span.start, self.tokens[last].span.end);
        let mut next = last + 1;
        if unit.is_none()
            && let Some(place) = self.behind(last, small_words)
            && let Some(found) = self.tables.unit(self.tokens[place].text)
        {
            (unit, unit_span) = (Some(found), Some(self.tokens[place].span));
            next = place + 1;
            // `deux heures et demie`, `iki saat yarım`.
            if let Some(half) = self.half_behind(place) {
                readings.extend(more(&readings, ONE / 2));
                next = half + 1;
            }
        }
        if let Some(Reading::Number(hour)) = readings.first() {
            let hour = u16::try_from(hour / ONE).ok().filter(|_| hour % ONE == 0);
            let is_hour = at > 0
                && self.is_next(at - 1)
                && self.tables.unit(self.tokens[at - 1].text) == Some("hour")
                && matches!(self.language.code(), "az" | "tr");
            let time = hour.and_then(|hour| {
                if is_hour { clock_hour(hour) } else { self.hour_of_day(hour, unit, next) }
            });
            readings.extend(time);
            if is_hour && unit.is_none() {
                unit = Some("hour");
            }
        }
        (Some(Value { unit_span, ..word_value(span, readings, unit, is_sure) }), next)
    }

    /// Reads a row of number words: `two hundred and five`, `tens of thousands`.
    fn row(&self, at: usize) -> Option<Row> {
        let mut total: u64 = 0;
        let mut part: u64 = 0;
        let mut last = None;
        let mut is_sure = false;
        let mut place = at;
        while let Some(word) = self.tokens.get(place).filter(|word| !word.is_numeral) {
            let Some(number) = self.tables.number(word.text) else {
                let next =
                    self.tokens.get(place + 1).and_then(|next| self.tables.number(next.text));
                let is_link = match word.text {
                    "and" | "et" | "und" => next.is_some() && part >= 100,
                    "of" | "de" => next.is_some_and(|next| next.value >= 1000) && part >= 10,
                    _ => false,
                };
                if is_link {
                    place += 1;
                    continue;
                }
                break;
            };
            match number.value {
                100 if part > 0 => part = part.saturating_mul(100),
                1000.. => {
                    total = total.saturating_add(part.max(1).saturating_mul(number.value));
                    part = 0;
                }
                // Units do not follow units: `two, three`.
                value
                    if !part.is_multiple_of(10)
                        || (value >= 10 && !part.is_multiple_of(100) && part > 0) =>
                {
                    break;
                }
                value => part += value,
            }
            is_sure |= number.is_sure;
            last = Some(place);
            if !self.is_next(place) {
                break;
            }
            place += 1;
        }
        last.map(|last| Row { number: total.saturating_add(part), last, is_sure })
    }

    /// Reads a fraction in words of Azerbaijani and Turkish: the denominator in the locative, then the numerator, `üçdə iki`.
    fn fraction(&self, at: usize) -> Option<(Option<Value>, usize)> {
        let is_hour = || at > 0 && self.tables.unit(self.tokens[at - 1].text) == Some("hour");
        let word = self.tokens[at];
        let is_locative = matches!(self.language.code(), "az" | "tr")
            && ["də", "da", "de", "te", "ta", "дә", "да"]
                .iter()
                .any(|form| word.text.ends_with(form));
        if !is_locative || !self.is_next(at) || is_hour() {
            return None;
        }
        let next = self.tokens[at + 1];
        let (of, over) =
            (self.tables.number(word.text)?.value, self.tables.number(next.text)?.value);
        if over >= of {
            return None;
        }
        let readings = Amount { over, of, unit: None, is_sure: true }.readings(ONE);
        let span = Span::new(word.span.start, next.span.end);
        Some((Some(word_value(span, readings, None, true)), at + 2))
    }

    /// Returns the place of the last word of what adds a half behind a number: `two and a half`.
    fn half_behind(&self, last: usize) -> Option<usize> {
        let words = self.tokens.iter().skip(last + 1).take_while(|token| !token.is_numeral);
        let count = self.tables.half(words.map(|token| token.text))?;
        self.is_next(last).then_some(last + count)
    }

    /// Returns the word for a part or for several that a number counts, with its place: two decades, three quarters.
    fn amount_behind(&self, last: usize) -> Option<(Amount, usize)> {
        let next =
            self.tokens.get(last + 1).filter(|next| self.is_next(last) && !next.is_numeral)?;
        Some((self.tables.amount(next.text)?, last + 1))
    }

    /// Returns the place of the next word, small words left out.
    fn behind(&self, last: usize, small: &[&str]) -> Option<usize> {
        let mut place = last;
        while self.is_next(place) && !self.tokens[place + 1].is_numeral {
            place += 1;
            if !small.contains(&self.tokens[place].text) {
                return Some(place);
            }
        }
        None
    }

    /// Reads a time of day of a number of hours in Russian: `4 часа утра`, `в 2 часа дня`. `next` is the place behind the unit.
    fn hour_of_day(&self, hour: u16, unit: Option<&str>, next: usize) -> Option<Reading> {
        if unit != Some("hour") || self.language.code() != "ru" {
            return None;
        }
        match self.tokens.get(next).map(|next| next.text) {
            Some("утра" | "ночи") => clock_hour(hour % 12),
            Some("дня" | "вечера") => clock_hour(hour % 12 + 12),
            _ => clock_hour(hour),
        }
    }

    /// Says whether the year at a token stands for the decade that begins with it: `1930s`, `1930-е годы`, `1930-cu illər`.
    fn is_decade(&self, at: usize, end: usize) -> bool {
        let text = |place: usize| fold(self.tokens[place].text, self.language);
        let glued = if end > at { text(end) } else { String::new() };
        match self.language.code() {
            "en" => glued == "s",
            "de" => glued == "er" || self.text[self.tokens[at].span.end..].starts_with("er"),
            "ru" => ["е", "х", "ые", "ых", "м", "ми"].contains(&glued.as_str()),
            "tr" => {
                glued.starts_with("la")
                    || glued.starts_with("le")
                    || glued.starts_with("lu")
                    || glued.starts_with("lı")
            }
            "az" => self.is_next(end) && text(end + 1).starts_with("illər"),
            "fr" => at > 0 && text(at - 1) == "années",
            _ => false,
        }
    }

    /// Returns the year that two digits behind a year stand for: `1950-53`.
    fn short_year(&self, at: usize) -> Option<u16> {
        let before = self.tokens[..at]
            .last()
            .filter(|before| before.is_numeral && before.text.len() == 4)?;
        let is_range =
            matches!(self.between(at - 1), "-" | "–" | "/") && self.tokens[at].text.len() == 2;
        let (year, short): (u16, u16) =
            (before.text.parse().ok()?, self.tokens[at].text.parse().ok()?);
        (is_range && (1500..2100).contains(&year) && short > year % 100)
            .then_some(year / 100 * 100 + short)
    }

    /// Returns how much a smaller unit adds to a quantity, with the place of its last token: `6-foot-6`, `1 м 82 см`.
    fn smaller(&self, unit: &str, last: usize) -> Option<(i128, usize)> {
        let numeral =
            self.tokens.get(last + 1).filter(|next| next.is_numeral && self.is_next(last))?;
        let number: i128 = numeral.text.parse().ok()?;
        let theirs = self.tokens.get(last + 2).filter(|_| self.is_next(last + 1));
        let theirs = theirs.and_then(|theirs| self.tables.unit(theirs.text));
        let is_glued = self.between(last) == "-";
        let (per, end) = match (unit, theirs) {
            ("foot", Some("inch")) => (12, last + 2),
            ("metre", Some("centimetre")) => (100, last + 2),
            ("foot", _) if is_glued => (12, last + 1),
            _ => return None,
        };
        (number < per).then(|| (number * ONE / per, end))
    }
}

/// A row of number words.
#[derive(Clone, Copy)]
struct Row {
    number: u64,
    /// The place of its last word.
    last: usize,
    /// Whether a word of it is a number and nothing else.
    is_sure: bool,
}

impl Amount {
    /// Returns what a number of these means, itself in millionths.
    fn readings(self, number: i128) -> Vec<Reading> {
        let total = number.saturating_mul(i128::from(self.over)) / i128::from(self.of);
        let mut readings = vec![Reading::Number(total)];
        if self.of > 1
            && number % ONE == 0
            && let Ok(count) = u64::try_from(number / ONE)
        {
            readings.push(Reading::Part { over: count.saturating_mul(self.over), of: self.of });
        }
        readings
    }
}

/// Makes a value of words.
fn word_value(
    span: Span,
    readings: Vec<Reading>,
    unit: Option<&'static str>,
    is_sure: bool,
) -> Value {
    let kind = if unit == Some("percent") { ValueKind::Percent } else { ValueKind::Number };
    Value {
        span,
        kind,
        readings,
        unit,
        unit_span: None,
        magnitude: None,
        is_digits: false,
        is_sure,
    }
}

/// Returns the full hour of a day.
fn clock_hour(hour: u16) -> Option<Reading> {
    (hour <= 24).then_some(Reading::Time(hour * 60))
}

/// Returns the numbers among readings, in millionths.
fn numbers(readings: &[Reading]) -> impl Iterator<Item = i128> {
    readings.iter().filter_map(|reading| match reading {
        Reading::Number(number) => Some(*number),
        _ => None,
    })
}

/// Returns the numbers among readings, each with something added.
fn more(readings: &[Reading], added: i128) -> Vec<Reading> {
    numbers(readings).map(|number| Reading::Number(number.saturating_add(added))).collect()
}

fn multiply(readings: &mut Vec<Reading>, by: u64) {
    readings.retain(|reading| matches!(reading, Reading::Number(_) | Reading::Text(_)));
    for reading in readings {
        if let Reading::Number(number) = reading {
            *number = number.saturating_mul(i128::from(by));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(source: &str, target: &str) -> bool {
        let source = find(source, Language::EN);
        let target = find(target, Language::AZ);
        assert!(!source.is_empty() && !target.is_empty(), "{source:?} {target:?}");
        source
            .iter()
            .filter(|v| v.is_digits)
            .all(|value| target.iter().any(|other| value.agrees(other)))
            && target
                .iter()
                .filter(|v| v.is_digits)
                .all(|value| source.iter().any(|other| value.agrees(other)))
    }

    #[test]
    fn expressions_compile() {
        assert!(URL.is_match("https://qosha.example") && EMAIL.is_match("a@b.example"));
        assert!(PHONE.is_match("(012) 555-01-47") && NUMERAL.is_match("1"));
    }

    #[test]
    fn values_agree_by_what_they_mean() {
        for (source, target) in [
            ("1,240 houses", "1240 ev"),
            ("412,500 manat", "412 500 manat"),
            ("2.8 metres", "2,8 metr"),
            ("6 million people", "6 mln nəfər"),
            ("six million people", "6 milyon nəfər"),
            ("12 p.m. on October 10", "oktyabrın 10-u saat 12:00"),
            ("11:35 pm", "23:35"),
            ("at 4 AM", "səhər saat 4-də"),
            ("April 3, 2023", "2023-cü il aprelin 3-də"),
            ("3 April 2023", "3 aprel 2023"),
            ("between May 16 and June 10, 2022", "2022-ci il mayın 16-dan iyunun 10-dək"),
            ("71% of parents", "valideynlərin 71 faizi"),
            ("Article 28 of the Convention", "Konvensiyanın 28-ci maddəsi"),
            ("eighteen organizations", "18 təşkilat"),
            ("tel. (012) 555-01-47", "tel. (012) 555-01-47"),
            ("write to info@qosha.example.", "info@qosha.example ünvanına"),
            ("Morethan2,600hectares", "2600 hektardan çox"),
            ("in 2,000 villages", "2000 kənddə"),
            ("from June 19 to 23", "iyunun 19-dan 23-dək"),
            ("in the 8th century", "VIII əsrdə"),
            ("from 10:00-11:00 pm", "saat 22:00-23:00"),
            ("a time of 4:41.30", "4:41:30"),
            ("on 5 and 6 June", "iyunun 5-i və 6-sı"),
            ("In October 2023 we asked people aged 7", "2023-cü ilin oktyabrında 7 yaşından"),
        ] {
            assert!(agree(source, target), "{source} = {target}");
        }
    }

    #[test]
    fn values_that_differ_do_not_agree() {
        for (source, target) in [
            ("47 days", "37 gün"),
            ("Article 28", "29-cu maddə"),
            ("before November 15", "dekabrın 15-dək"),
            ("555-01-47 or (012) 555-01-47", "(012) 555-01-74"),
            ("in 2017", "2097-ci ildə"),
            ("11:35 pm", "22:35"),
            ("6 million", "6 milyard"),
        ] {
            assert!(!agree(source, target), "{source} != {target}");
        }
    }

    #[test]
    fn a_clock_time_has_no_magnitude() {
        let value = &find("saat 0:00min", Language::AZ)[0];
        assert_eq!((value.readings.len(), value.magnitude), (1, None));
    }

    #[test]
    fn units_and_magnitudes_are_kept_apart() {
        let value = &find("5 saat", Language::AZ)[0];
        assert_eq!(value.unit, Some("hour"));
        let value = &find("40 faizindən çoxu", Language::AZ)[0];
        assert_eq!((value.kind, value.unit), (ValueKind::Percent, Some("percent")));
        assert_eq!(find("yüzde 40", Language::TR)[0].kind, ValueKind::Percent);
        assert_eq!(find("3 milyard dollar", Language::AZ)[0].magnitude, Some(1_000_000_000));
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_values_on_character_boundaries(
            text in "(\\PC{0,3}|[0-9]{1,4}[.,:/ %-]{0,2}|yanvar |may |p\\.m\\.|min |www\\.|a@b\\.c|İ){0,30}"
        ) {
            for language in [Language::EN, Language::AZ, Language::TR, Language::RU, Language::AZ_CYRL] {
                let mut end = 0;
                for value in find(&text, language) {
                    proptest::prop_assert!(text.get(value.span.range()).is_some());
                    proptest::prop_assert!(!value.readings.is_empty() && value.span.end >= end);
                    end = value.span.start;
                }
            }
        }
    }
}
