//! Days and hours: what makes a date or a time of the numeral in the middle.

use super::Reading;
use super::numeral::ONE;
use super::scan::{Reader, Token};
use crate::text::fold;

impl Reader<'_, '_> {
    /// Reads a date around a day number: month behind it or before it, and the year where it stands next to them.
    pub(super) fn date(
        &self,
        at: usize,
        end: usize,
        number: u16,
    ) -> Option<(Reading, usize, usize)> {
        let day = u8::try_from(number).ok().filter(|day| (1..=31).contains(day))?;
        let month_at = |place: usize| {
            let token = self.tokens.get(place).filter(|token| !token.is_numeral)?;
            // In English and German the month has a capital: `may` and `march` are other words.
            let needs_capital = matches!(self.language.code(), "en" | "de");
            let is_written = !needs_capital || token.text.starts_with(char::is_uppercase);
            self.tables.month(token.text).filter(|_| is_written)
        };
        let year_at = |place: usize| {
            let token =
                self.tokens.get(place).filter(|token| token.is_numeral && token.text.len() == 4)?;
            token.text.parse::<u16>().ok().filter(|year| (1000..2200).contains(year))
        };
        let near = |left: usize| {
            self.is_next(left) || matches!(self.between(left).trim(), "," | "" | "of")
        };
        // In Azerbaijani and Turkish the month before a day stands in the genitive: `aprelin 3-də`, not `apreldə 3 gün`.
        let may_lead = |place: usize| {
            let word = fold(self.tokens[place].text, self.language);
            !matches!(self.language.code(), "az" | "tr")
                || ["ın", "in", "un", "ün", "ын", "ин", "ун", "үн"]
                    .iter()
                    .any(|ending| word.ends_with(ending))
                || self.tables.is_bare_month(&word)
        };
        let has_month_before =
            at > 0 && self.is_next(at - 1) && month_at(at - 1).is_some() && may_lead(at - 1);
        // `mayın 16-dan iyunun 10-dək`: the second month has a day of its own.
        let is_taken = has_month_before
            && self.tokens.get(end + 2).is_some_and(|next| next.is_numeral && next.text.len() <= 2);
        let (month, mut first, mut last) =
            if !is_taken && self.is_next(end) && month_at(end + 1).is_some() {
                (month_at(end + 1)?, at, end + 1)
            } else if self.tokens.get(end + 1).is_some_and(|next| next.text == "of")
                && month_at(end + 2).is_some()
            {
                (month_at(end + 2)?, at, end + 2)
            } else if has_month_before {
                (month_at(at - 1)?, at - 1, end)
            } else {
                return None;
            };
        let mut year = None;
        // `dekabrın 1-dən 2021-ci ilədək`: behind a day in a case of its own the year is another date's.
        let is_closed =
            has_month_before && last > at && matches!(self.language.code(), "az" | "tr");
        if near(last)
            && !is_closed
            && let Some(found) = year_at(last + 1)
        {
            year = Some(found);
            last = self.with_ending(last + 1);
        }
        if year.is_none() {
            // `2023-cü il aprelin 3-də`: year, its ending, the word for year.
            let mut place = first;
            while place > 0 && first - place < 3 && self.is_next(place - 1) {
                place -= 1;
                if let Some(found) = year_at(place) {
                    year = Some(found);
                    first = place;
                    break;
                }
                let is_link = self.tables.unit(self.tokens[place].text) == Some("year")
                    || self.tokens[place].text.chars().count() <= 3;
                if !is_link {
                    break;
                }
            }
        }
        Some((Reading::Date { year, month: Some(month), day: Some(day) }, first, last))
    }

    /// Reads `a.m.` and `p.m.` behind a numeral; returns minutes since midnight and the length of the mark.
    pub(super) fn half_day(&self, token: Token<'_>, readings: &[Reading]) -> Option<(u16, usize)> {
        if self.language.code() != "en" {
            return None;
        }
        let rest = &self.text[token.span.end..];
        let bare = rest.trim_start_matches([' ', '\u{A0}']);
        let mark: String = bare.chars().take(5).collect::<String>().to_ascii_lowercase();
        let form = ["a.m.", "p.m.", "a.m", "p.m", "am", "pm"]
            .into_iter()
            .find(|form| mark.starts_with(form))?;
        if bare[form.len()..].starts_with(char::is_alphanumeric) {
            return None;
        }
        let minutes = readings.iter().find_map(|reading| match reading {
            Reading::Time(minutes) => Some(*minutes),
            Reading::Number(n) if *n % ONE == 0 && (0..=12).contains(&(n / ONE)) => {
                u16::try_from(n / ONE * 60).ok()
            }
            _ => None,
        })?;
        let half = minutes % 720;
        let minutes = if form.starts_with('p') { half + 720 } else { half };
        Some((minutes, rest.len() - bare.len() + form.len()))
    }

    /// Says whether an English text has a time of the afternoon in it.
    pub(super) fn names_afternoon(&self) -> bool {
        self.language.code() == "en"
            && ["p.m", "pm", "PM", "P.M"].iter().any(|mark| self.text.contains(mark))
    }
}
