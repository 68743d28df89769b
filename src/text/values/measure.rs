//! Quantities in different units: how much a unit is of the first unit of its kind.

/// How far two converted quantities may be apart, as a share of the larger: people round 385 miles to 620 kilometres and 3 feet to
/// a metre.
const ROUNDED: f64 = 0.1;

/// What a unit measures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Length,
    Mass,
    Area,
    Volume,
    Duration,
}

/// Returns what a unit of the data files measures and how much of the base unit it is: metre, kilogram, hectare, litre, hour. The
/// figures are the international definitions of 1959; a US gallon.
fn measure(unit: &str) -> Option<(Dimension, f64)> {
    Some(match unit {
        "metre" => (Dimension::Length, 1.0),
        "kilometre" => (Dimension::Length, 1000.0),
        "centimetre" => (Dimension::Length, 0.01),
        "millimetre" => (Dimension::Length, 0.001),
        "mile" => (Dimension::Length, 1609.344),
        "yard" => (Dimension::Length, 0.9144),
        "foot" => (Dimension::Length, 0.3048),
        "inch" => (Dimension::Length, 0.0254),
        "kilogram" => (Dimension::Mass, 1.0),
        "gram" => (Dimension::Mass, 0.001),
        "tonne" => (Dimension::Mass, 1000.0),
        "pound" => (Dimension::Mass, 0.453_592_37),
        "ounce" => (Dimension::Mass, 0.028_349_523),
        "hectare" => (Dimension::Area, 1.0),
        "acre" => (Dimension::Area, 0.404_685_64),
        "litre" => (Dimension::Volume, 1.0),
        "gallon" => (Dimension::Volume, 3.785_411_784),
        "second" => (Dimension::Duration, 1.0 / 3600.0),
        "minute" => (Dimension::Duration, 1.0 / 60.0),
        "hour" => (Dimension::Duration, 1.0),
        "day" => (Dimension::Duration, 24.0),
        "week" => (Dimension::Duration, 168.0),
        _ => return None,
    })
}

/// Says whether a unit measures something.
pub(super) fn is_measured(unit: &str) -> bool {
    unit == "degree" || measure(unit).is_some()
}

/// Says whether two quantities, each a number and a unit, are about the same though the numbers differ.
pub(super) fn is_same((one, unit): (f64, &str), (other, theirs): (f64, &str)) -> bool {
    if unit == "degree" && theirs == "degree" {
        // Which of the two is Fahrenheit is not said: the larger number.
        let celsius = (one.max(other) - 32.0) / 1.8;
        return (celsius - one.min(other)).abs() <= 1.5;
    }
    let (Some(unit), Some(theirs)) = (measure(unit), measure(theirs)) else { return false };
    let (one, other) = (one * unit.1, other * theirs.1);
    let is_exact = unit.0 == Dimension::Duration;
    let rounded = if is_exact { 1e-6 } else { ROUNDED };
    unit != theirs && unit.0 == theirs.0 && (one - other).abs() <= rounded * one.max(other)
}

/// How much more a quantity is than another one of the same kind in other units.
pub(super) fn ratio((one, unit): (f64, &str), (other, theirs): (f64, &str)) -> Option<f64> {
    let (unit, theirs) = (measure(unit)?, measure(theirs)?);
    (unit.0 == theirs.0 && unit != theirs && one > 0.0 && other > 0.0)
        .then(|| one * unit.1 / (other * theirs.1))
}

/// Says whether a ratio is a thousand or a thousandth, as between a metre and a kilometre, a gram and a kilogram.
pub(super) fn is_thousandfold(ratio: f64) -> bool {
    let larger = ratio.max(1.0 / ratio);
    (larger / 1000.0 - 1.0).abs() <= ROUNDED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converted_quantities_are_the_same() {
        for (one, other) in [
            ((40.0, "mile"), (65.0, "kilometre")),
            ((2.0, "inch"), (5.0, "centimetre")),
            ((550.0, "pound"), (250.0, "kilogram")),
            ((80.0, "degree"), (27.0, "degree")),
            ((24.0, "hour"), (1.0, "day")),
        ] {
            assert!(is_same(one, other) && is_same(other, one), "{one:?} {other:?}");
        }
        for (one, other) in [
            ((40.0, "mile"), (40.0, "kilometre")),
            ((40.0, "kilometre"), (41.0, "kilometre")),
            ((80.0, "degree"), (37.0, "degree")),
            ((25.0, "hour"), (1.0, "day")),
            ((5.0, "foot"), (5.0, "pound")),
        ] {
            assert!(!is_same(one, other), "{one:?} {other:?}");
        }
    }
}
