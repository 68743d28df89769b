//! Exponentials and logarithms: quick, and the same to the last bit on every machine.
//!
//! The aligner takes some hundred of them for each segment. They are polynomials over plain additions and
//! multiplications, which every machine rounds alike, and which the compiler can run several at a time. The relative
//! error is below 1e-9, far below what a score means.

use std::f64::consts::{LN_2, LOG2_E};

/// Below this an exponential counts as nothing.
const LEAST_EXPONENT: f64 = -700.0;

/// Adding and taking away 1.5 times 2 to the 52nd rounds to a whole number.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// Returns e to the power of `x`, 0 below -700. Meant for `x` up to 700.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    let bounded = x.clamp(LEAST_EXPONENT, 700.0);
    let shifted = bounded * LOG2_E + ROUNDER;
    let r = bounded - (shifted - ROUNDER) * LN_2;
    // The series of the exponential for |r| <= ln 2 / 2: the first term left out is below 3e-10.
    let mut sum = 1.0 / 40320.0;
    for factor in [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * r + factor;
    }
    // The low bits of the shifted number are the power of two.
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    if x < LEAST_EXPONENT { 0.0 } else { sum * power }
}

/// Returns the natural logarithm of a positive normal number.
#[inline]
pub(super) fn ln(x: f64) -> f64 {
    const HALF_ROOT: u64 = 0x3FE6_A09E_667F_3BCD;
    let bits = x.to_bits();
    // The mantissa is taken between the root of one half and the root of two.
    let shifted = bits.wrapping_sub(HALF_ROOT);
    #[expect(clippy::cast_possible_wrap, reason = "the exponent has a sign")]
    let exponent = (shifted as i64) >> 52;
    let mantissa = f64::from_bits((shifted & 0x000F_FFFF_FFFF_FFFF).wrapping_add(HALF_ROOT));
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    // 2 artanh(s) for |s| <= .172: the first term left out is below 1e-10.
    let mut sum = 1.0 / 11.0;
    for factor in [1.0 / 9.0, 1.0 / 7.0, 0.2, 1.0 / 3.0, 1.0] {
        sum = sum * square + factor;
    }
    let exponent = f64::from(exponent as i32);
    exponent * LN_2 + 2.0 * s * sum
}

/// Returns log(e^one + e^other); minus infinity stands for nothing.
#[inline]
pub(super) fn log_add(one: f64, other: f64) -> f64 {
    let (most, least) = if one > other { (one, other) } else { (other, one) };
    if most == f64::NEG_INFINITY { most } else { most + ln(1.0 + exp(least - most)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_and_logarithms_agree_with_the_exact_ones() {
        for step in -6990..6990 {
            let x = f64::from(step) / 10.0;
            assert!((exp(x) / libm::exp(x) - 1.0).abs() < 1e-9, "{x}");
            let y = libm::exp(x);
            assert!((ln(y) - libm::log(y)).abs() < 1e-9 * libm::log(y).abs().max(1.0), "{y}");
        }
        assert!(exp(f64::NEG_INFINITY).abs() < 1e-300);
        assert!((log_add(f64::NEG_INFINITY, 2.0) - 2.0).abs() < 1e-9);
        assert!((log_add(3.0, 3.0) - 3.0 - LN_2).abs() < 1e-9);
    }
}
