//! Numbers, dates, times, percentages, quantities and addresses in a text, by what they mean.
//!
//! Two versions of a text hardly ever write a value alike: `1,240` is `1240`, `6 million` is `6 mln`, `12 p.m.` is
//! `12:00`, `October 9` is `9 oktyabr`. So a value is not its digits but the set of **readings** its digits allow, and
//! two values agree when they share one. `1.240` reads as 1240 and as 1.24: it agrees with both, because a false alarm
//! costs more than a doubtful miss.
//!
//! ```text
//! addresses first (a digit in a URL is no number), then phone numbers, then numerals with what stands around them:
//! sign or word of percent, magnitude, month and year, unit, a.m. and p.m.; last number words and words for parts and
//! several, which explain the other side's digits and are told of only where nothing else can stand for them
//! ```
//!
//! Words come from the language's data files; a language without them has digits only.

mod measure;
mod numeral;
mod scan;
mod tables;
mod when;

use crate::model::Span;

pub use scan::{find, months, weekdays};

/// A value in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The bytes it takes, with its sign, magnitude, month or unit.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
    /// What it can mean; never empty.
    pub readings: Vec<Reading>,
    /// The unit that stands with it, by the id of the data files, such as `hour`, `kilometre`, `dollar`.
    pub unit: Option<&'static str>,
    /// The bytes of the unit, where it stands beside the number.
    pub unit_span: Option<Span>,
    /// The magnitude word that stands with it, as a number: 1000 for thousand.
    pub magnitude: Option<u64>,
    /// Whether it is written in digits. Number words explain digits on the other side and hardly need a partner.
    pub is_digits: bool,
    /// Whether it is a number for sure: digits, and words that are no other words, as `one` and `second` are.
    pub is_sure: bool,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// A count, an ordinal, an amount of money, a quantity.
    Number,
    /// A day, a month, a year.
    Date,
    /// A time of day.
    Time,
    /// A percentage.
    Percent,
    /// A phone number.
    Phone,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
}

impl ValueKind {
    /// Says whether it is a place to write or call to.
    pub fn is_address(self) -> bool {
        matches!(self, Self::Url | Self::Email | Self::Phone)
    }
}

/// One thing that a value can mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// A number, in millionths.
    Number(i128),
    /// A date with what is said of it.
    Date {
        /// The year.
        year: Option<u16>,
        /// The month, 1 to 12.
        month: Option<u8>,
        /// The day, 1 to 31.
        day: Option<u8>,
    },
    /// Minutes since midnight.
    Time(u16),
    /// A part of something: two thirds.
    Part {
        /// How many parts.
        over: u64,
        /// Of how many; not 0.
        of: u64,
    },
    /// Digits or letters that must be equal.
    Text(String),
}

impl Reading {
    fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Date { year, month, day }, Self::Date { year: y, month: m, day: d }) => {
                let parts = [
                    (year.map(u32::from), y.map(u32::from)),
                    (month.map(u32::from), m.map(u32::from)),
                    (day.map(u32::from), d.map(u32::from)),
                ];
                let both = parts.iter().filter_map(|(one, other)| Some((*one)? == (*other)?));
                both.clone().count() > 0 && both.clone().all(|equal| equal)
            }
            (Self::Part { over, of }, Self::Part { over: o, of: f }) => {
                u128::from(*over) * u128::from(*f) == u128::from(*o) * u128::from(*of)
            }
            (Self::Part { over, of }, Self::Number(number))
            | (Self::Number(number), Self::Part { over, of }) => {
                number.checked_mul(i128::from(*of)) == i128::from(*over).checked_mul(numeral::ONE)
            }
            _ => self == other,
        }
    }

    /// Says whether a part of something is a number of per cent; people round 66.7 to 66 and 67.
    fn is_share(&self, percent: &Self) -> bool {
        let (Self::Part { over, of }, Self::Number(number)) = (self, percent) else { return false };
        let share = 100.0 * *over as f64 / *of as f64;
        (*number as f64 / numeral::ONE as f64 - share).abs() < 1.0
    }
}

/// Digits that two phone numbers have in common where one is written without the code of the country: of the area and the line.
const LEAST_PHONE: usize = 7;

/// Says whether two phone numbers are the same, in digits; one may lack the code of the country: `(012) 555-02-36` and
/// `+994 12 555 02 36`.
fn is_same_phone(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|digits| digits.trim_start_matches('0'));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.len() >= LEAST_PHONE && long.ends_with(short)
}

/// Units that the number of a day may have: `the 5th day of May`.
const OF_DAY: [&str; 2] = ["day", "month"];

impl Value {
    /// Says whether two values can mean the same. What is said of one date only, such as the year, does not count;
    /// units are not compared.
    pub fn agrees(&self, other: &Self) -> bool {
        if let ([Reading::Text(ours)], [Reading::Text(theirs)]) =
            (&self.readings[..], &other.readings[..])
            && self.kind == ValueKind::Phone
            && other.kind == ValueKind::Phone
        {
            return is_same_phone(ours, theirs);
        }
        // A day shares its number with the same day of another month: between two such days only the dates count.
        let are_days = self.is_day() && other.is_day();
        // 27:37 and 2/3 share a number with 29:37 and 2/5: between two such only the whole counts.
        let are_whole = self.has_whole() && other.has_whole();
        // 1980s is 80s too, and 1880s as well: between two years only the dates count.
        let are_years = self.has_year() && other.has_year();
        let is_bare = self.may_be_part_of(other) && other.may_be_part_of(self);
        let counts = |reading: &&Reading| match reading {
            Reading::Date { .. } => !are_whole,
            Reading::Text(_) | Reading::Part { .. } => !are_days,
            Reading::Number(_) => is_bare && !are_days && !are_whole && !are_years,
            Reading::Time(_) => !are_days && !are_whole,
        };
        let theirs = || other.readings.iter().filter(counts);
        let is_share = |ours: &Value, theirs: &Value| {
            theirs.kind == ValueKind::Percent
                && ours.readings.iter().any(|part| theirs.readings.iter().any(|n| part.is_share(n)))
        };
        self.readings.iter().filter(counts).any(|ours| theirs().any(|theirs| ours.agrees(theirs)))
            || is_share(self, other)
            || is_share(other, self)
    }

    /// Says whether the value is of two numbers that stand for one thing.
    fn has_whole(&self) -> bool {
        self.readings
            .iter()
            .any(|reading| matches!(reading, Reading::Text(_) | Reading::Part { .. }))
    }

    /// Says whether a number may be the day of a date or the hour of a time: `two vans` says nothing of `2 p.m.`.
    fn may_be_part_of(&self, other: &Self) -> bool {
        if other.is_day() && !self.is_day() {
            return self.unit.is_none_or(|unit| OF_DAY.contains(&unit));
        }
        let is_clock = |value: &Self| {
            value.kind == ValueKind::Time
                && value.readings.iter().any(|reading| matches!(reading, Reading::Time(_)))
        };
        !is_clock(other)
            || self.kind == ValueKind::Time
            || self.unit == Some("hour")
            || self.unit.is_none() && self.is_digits
    }

    /// Returns the bytes of the value with its unit.
    pub fn whole_span(&self) -> Span {
        self.unit_span.map_or(self.span, |unit| {
            Span::new(self.span.start.min(unit.start), self.span.end.max(unit.end))
        })
    }

    fn has_year(&self) -> bool {
        self.readings.iter().any(|reading| matches!(reading, Reading::Date { year: Some(_), .. }))
    }

    fn is_day(&self) -> bool {
        self.readings.iter().any(|reading| matches!(reading, Reading::Date { day: Some(_), .. }))
    }

    /// Says whether the readings agree and the two are also of like kind; used to prefer the better of two partners.
    pub fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.agrees(other)
    }

    /// Says whether two quantities in different units are about the same: 5 miles and 8 kilometres, 80 degrees Fahrenheit and
    /// 27 degrees Celsius. Converted quantities are rounded, so a few per cent do not count.
    pub fn converts_to(&self, other: &Self) -> bool {
        let (Some(unit), Some(theirs)) = (self.unit, other.unit) else { return false };
        let theirs_of: Vec<f64> = other.numbers().collect();
        self.numbers().any(|ours| {
            theirs_of.iter().any(|number| measure::is_same((ours, unit), (*number, theirs)))
        })
    }

    /// Says whether two quantities would be about the same in a unit a thousand times larger or smaller: 20 feet and 6 kilometres.
    pub fn is_other_unit(&self, other: &Self) -> bool {
        let (Some(unit), Some(theirs)) = (self.unit, other.unit) else { return false };
        let theirs_of: Vec<f64> = other.numbers().collect();
        self.numbers().any(|ours| {
            let by = |number: &f64| measure::ratio((ours, unit), (*number, theirs));
            theirs_of.iter().filter_map(by).any(measure::is_thousandfold)
        })
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.readings.iter().filter_map(|reading| match reading {
            Reading::Number(millionths) => Some(*millionths as f64 / numeral::ONE as f64),
            _ => None,
        })
    }

    /// Returns the value in one normal form, the same for values that are written differently: the first reading.
    pub fn key(&self) -> String {
        match &self.readings[0] {
            Reading::Number(millionths) => format!("n{millionths}"),
            Reading::Date { year, month, day } => {
                let part = |part: Option<u32>| part.map_or(String::new(), |p| p.to_string());
                format!(
                    "d{}-{}-{}",
                    part(year.map(u32::from)),
                    part(month.map(u32::from)),
                    part(day.map(u32::from))
                )
            }
            Reading::Time(minutes) => format!("t{minutes}"),
            Reading::Part { over, of } => format!("p{over}/{of}"),
            Reading::Text(text) => format!("x{text}"),
        }
    }
}
