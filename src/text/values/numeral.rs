//! What a row of digits and separators can mean.

use super::Reading;

/// One in millionths.
pub(super) const ONE: i128 = 1_000_000;

/// Returns everything that a numeral such as `1.240`, `1,240.5`, `12:30`, `09.10.2020` can mean; the likeliest first.
pub(super) fn readings(numeral: &str) -> Vec<Reading> {
    let mut readings = Vec::new();
    let plain: String = numeral.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = plain.split(['.', ',', ':', '/']).collect();
    let separators: Vec<char> = plain.chars().filter(|c| !c.is_ascii_digit()).collect();
    let is_grouped = parts.len() > 1
        && (1..=3).contains(&parts[0].len())
        && parts[1..].iter().all(|part| part.len() == 3)
        && !separators.contains(&':');
    if let Some(date) = date(&parts, &separators) {
        readings.push(date);
    }
    if is_grouped {
        readings.extend(whole(&parts.concat()));
    }
    match (&parts[..], &separators[..]) {
        ([only], _) => readings.extend(whole(only)),
        ([hours, minutes], [':' | '.']) => {
            let clock = clock(hours, minutes);
            if separators[0] == ':' && clock.is_none() {
                // A run time, 27:37: either number may stand alone on the other side.
                readings.push(Reading::Text(plain.clone()));
                readings.extend(whole(hours).into_iter().chain(whole(minutes)));
            } else if separators[0] == ':' {
                readings.extend(clock);
            } else {
                readings.extend(decimal(hours, minutes));
                readings.extend(clock);
            }
        }
        ([int, fraction], ['/']) => {
            // A fraction, or a score: either number may stand alone on the other side.
            let part = int.parse().ok().zip(fraction.parse().ok().filter(|of| *of > 0));
            readings.extend(part.map(|(over, of)| Reading::Part { over, of }));
            readings.extend(whole(int).into_iter().chain(whole(fraction)));
        }
        ([int, fraction], _) => readings.extend(decimal(int, fraction)),
        // 1.240,5 and 1,240.5: the last separator differs from the others.
        ([groups @ .., fraction], [first, .., last]) if first != last && *last != ':' => {
            readings.extend(decimal(&groups.concat(), fraction));
        }
        _ => {}
    }
    if parts.len() > 2 && separators.contains(&':') {
        // A run time or a score, 4:41.30 or 4:41:30.
        readings.push(Reading::Text(parts.join(":")));
    }
    if readings.is_empty() {
        readings.push(Reading::Text(plain));
    }
    readings
}

fn whole(digits: &str) -> Option<Reading> {
    (digits.len() <= 20)
        .then(|| digits.parse::<i128>().ok())
        .flatten()
        .map(|n| Reading::Number(n * ONE))
}

fn decimal(int: &str, fraction: &str) -> Option<Reading> {
    if int.len() > 20 || fraction.len() > 6 || fraction.is_empty() || int.is_empty() {
        return None;
    }
    let scale = 10i128.pow(u32::try_from(6 - fraction.len()).ok()?);
    Some(Reading::Number(int.parse::<i128>().ok()? * ONE + fraction.parse::<i128>().ok()? * scale))
}

/// Reads a time of day; 24:00 is the end of the day.
pub(super) fn clock(hours: &str, minutes: &str) -> Option<Reading> {
    if minutes.len() != 2 || hours.len() > 2 {
        return None;
    }
    let (h, m): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (h <= 24 && m < 60).then_some(Reading::Time(h * 60 + m))
}

/// Reads a Roman numeral of two letters and more, such as `VIII` or `XX`, below 100: centuries, chapters, kings.
pub(super) fn roman(word: &str) -> Option<u64> {
    if word.len() < 2 || !word.bytes().all(|b| b"IVXL".contains(&b)) {
        return None;
    }
    let value = |b: u8| match b {
        b'I' => 1,
        b'V' => 5,
        b'X' => 10,
        _ => 50u64,
    };
    let digits: Vec<u64> = word.bytes().map(value).collect();
    let (mut plus, mut minus) = (0, 0);
    for (at, digit) in digits.iter().enumerate() {
        // A smaller digit before a larger one is taken away: IX.
        if digits.get(at + 1).is_some_and(|next| next > digit) {
            minus += digit;
        } else {
            plus += digit;
        }
    }
    let total: u64 = plus - minus;
    Some(total)
}

/// Reads `09.10.2020` and, with slashes, `10/09/2020` day first.
fn date(parts: &[&str], separators: &[char]) -> Option<Reading> {
    let ([day, month, year], [one, other]) = (parts, separators) else { return None };
    if one != other
        || !matches!(one, '.' | '/')
        || year.len() != 4
        || day.len() > 2
        || month.len() > 2
    {
        return None;
    }
    let (day, month, year) = (day.parse().ok()?, month.parse().ok()?, year.parse().ok()?);
    let is_date = (1..=31).contains(&day) && (1..=12).contains(&month);
    is_date.then_some(Reading::Date { year: Some(year), month: Some(month), day: Some(day) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(millionths: i128) -> Reading {
        Reading::Number(millionths)
    }

    #[test]
    fn separators_group_or_part() {
        assert_eq!(readings("1,240"), [number(1240 * ONE), number(1_240_000)]);
        assert_eq!(readings("412 500"), [number(412_500 * ONE)]);
        assert_eq!(readings("2,8"), [number(2_800_000)]);
        assert!(readings("1.240,5").contains(&number(1_240_500_000)));
        assert!(readings("1.234.567").contains(&number(1_234_567 * ONE)));
    }

    #[test]
    fn roman_numerals_are_read() {
        assert_eq!(["VIII", "XX", "XIX", "IV", "XL"].map(roman), [8, 20, 19, 4, 40].map(Some));
        assert_eq!([roman("I"), roman("VI A"), roman("LIX1")], [None; 3]);
    }

    #[test]
    fn times_and_dates_are_read() {
        assert!(readings("23.35").contains(&Reading::Time(23 * 60 + 35)));
        assert!(readings("09.10.2020").contains(&Reading::Date {
            year: Some(2020),
            month: Some(10),
            day: Some(9)
        }));
    }
}
