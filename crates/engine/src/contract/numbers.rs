//! Numbers as sources store them, as whole numbers of 64 bits or as doubles.

use super::Wrong;
use crate::schema::NumberKind;

/// 2^63, which is a double, as the largest `i64` is not.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// An unsigned number.
///
/// # Errors
/// [`Wrong::TooLarge`].
pub fn of_unsigned(value: u64) -> Result<i64, Wrong> {
    i64::try_from(value).map_err(|_| Wrong::TooLarge)
}

/// A double that stands for a whole number.
///
/// # Errors
/// [`Wrong::NotWhole`], [`Wrong::TooLarge`] or [`Wrong::TooSmall`].
pub fn of_double(value: f64) -> Result<i64, Wrong> {
    if value >= TWO_TO_63 && value.is_finite() {
        Err(Wrong::TooLarge)
    } else if value < -TWO_TO_63 && value.is_finite() {
        Err(Wrong::TooSmall)
    } else if value.fract() != 0.0 || !value.is_finite() {
        Err(Wrong::NotWhole)
    } else {
        // It is whole and between the bounds.
        Ok(value as i64)
    }
}

/// An unscaled number that counts units of 10^-`scale`, where it stands for a whole number.
///
/// # Errors
/// [`Wrong::NotWhole`], [`Wrong::TooLarge`] or [`Wrong::TooSmall`].
pub fn of_decimal(unscaled: i128, scale: u32) -> Result<i64, Wrong> {
    let whole = match 10_i128.checked_pow(scale) {
        Some(unit) if unscaled % unit != 0 => return Err(Wrong::NotWhole),
        Some(unit) => unscaled / unit,
        None if unscaled == 0 => 0,
        None => return Err(Wrong::NotWhole),
    };
    i64::try_from(whole).map_err(|_| if whole > 0 { Wrong::TooLarge } else { Wrong::TooSmall })
}

/// The nearest double to an unscaled number that counts units of 10^-`scale`.
#[must_use]
pub fn decimal_to_double(unscaled: i128, scale: u32) -> f64 {
    // Text is the one way that rounds once; a division would round the number, the unit and the quotient.
    decimal_text(unscaled, scale).parse().unwrap_or(f64::NAN)
}

/// A decimal as people write it.
#[must_use]
pub fn decimal_text(unscaled: i128, scale: u32) -> String {
    let scale = scale as usize;
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A text as a whole number; `None` where it is blank. A point with zeros behind it may follow, as programs write it
/// that hold whole numbers as doubles.
///
/// # Errors
/// What is wrong with it.
pub fn of_text(text: &[u8]) -> Result<Option<i64>, Wrong> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    let (sign, digits) = match text {
        [sign @ (b'-' | b'+'), digits @ ..] => (*sign, digits),
        digits => (b'+', digits),
    };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(length);
    if digits.is_empty() || !matches!(rest, [] | [b'.', ..]) {
        return of_scientific(text);
    }
    match rest.get(1..).unwrap_or_default() {
        zeros if zeros.iter().all(|byte| *byte == b'0') => {}
        fraction if fraction.iter().all(u8::is_ascii_digit) => return Err(Wrong::NotWhole),
        _ => return of_scientific(text),
    }
    // Counted below zero, where there is one number more.
    let negative = digits
        .iter()
        .try_fold(0_i64, |number, digit| number.checked_mul(10)?.checked_sub(i64::from(digit - b'0')));
    match (sign, negative) {
        (b'-', Some(number)) => Ok(Some(number)),
        (b'-', None) => Err(Wrong::TooSmall),
        (_, number) => number.and_then(i64::checked_neg).map(Some).ok_or(Wrong::TooLarge),
    }
}

/// How guild numbers are to be held of which a text is one: as doubles where it has a fraction.
///
/// # Errors
/// What is wrong with it.
pub fn kind_of_text(text: &[u8]) -> Result<NumberKind, Wrong> {
    match of_text(text) {
        Ok(_) => Ok(NumberKind::Integer),
        Err(Wrong::NotWhole) => Ok(NumberKind::Float),
        Err(wrong) => Err(wrong),
    }
}

/// A text with an exponent, which programs write that hold numbers as doubles. Not read as a double itself, which has too few
/// digits for an id.
fn of_scientific(text: &[u8]) -> Result<Option<i64>, Wrong> {
    let (sign, rest) = match text {
        [sign @ (b'-' | b'+'), rest @ ..] => (*sign, rest),
        rest => (b'+', rest),
    };
    let place = rest.iter().position(|byte| byte.eq_ignore_ascii_case(&b'e')).unwrap_or(rest.len());
    let (mantissa, exponent) = (&rest[..place], rest.get(place + 1..));
    let (whole, fraction) = match mantissa.iter().position(|byte| *byte == b'.') {
        Some(point) => (&mantissa[..point], &mantissa[point + 1..]),
        None => (mantissa, &[][..]),
    };
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    if !has_digits || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return Err(Wrong::NotANumber);
    }
    let exponent = exponent.map_or(Some(0), exponent_of).ok_or(Wrong::NotANumber)?;
    let mut digits: Vec<u8> =
        whole.iter().chain(fraction).copied().skip_while(|digit| *digit == b'0').collect();
    let mut shift = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
    while digits.last() == Some(&b'0') {
        digits.pop();
        shift = shift.saturating_add(1);
    }
    let too_far = if sign == b'-' { Wrong::TooSmall } else { Wrong::TooLarge };
    match u32::try_from(shift) {
        _ if digits.is_empty() => Ok(Some(0)),
        Err(_) if shift < 0 => Err(Wrong::NotWhole),
        Ok(shift @ ..=19) if digits.len() <= 19 => {
            // At most 38 digits, which 127 bits hold.
            let number = digits.iter().fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
            let number = number * 10_i128.pow(shift);
            let number = if sign == b'-' { -number } else { number };
            i64::try_from(number).map(Some).map_err(|_| too_far)
        }
        _ => Err(too_far),
    }
}

/// The number behind an `e`; one of more digits than any number needs is as good as another.
fn exponent_of(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits
        .iter()
        .fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(if is_negative { -number } else { number })
}

/// A text as a number of any kind; `None` where it is blank.
///
/// # Errors
/// [`Wrong::NotANumber`].
pub fn double_of_text(text: &[u8]) -> Result<Option<f64>, Wrong> {
    let text = text.trim_ascii();
    if text.is_empty() { Ok(None) } else { to_double(text).map(Some).ok_or(Wrong::NotANumber) }
}

/// Words for numbers are none here: "inf" and "nan" come from a calculation that went wrong.
fn to_double(text: &[u8]) -> Option<f64> {
    let is_sign_of_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let text = std::str::from_utf8(text).ok().filter(|text| text.as_bytes().iter().all(is_sign_of_number))?;
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_read_as_the_database_casts_them_or_refused() {
        let check = |text: &str, expected: Result<Option<i64>, Wrong>| {
            assert_eq!(of_text(text.as_bytes()), expected, "{text:?}");
        };
        for (text, number) in [
            ("5", 5),
            (" 5 ", 5),
            ("+5", 5),
            ("-5", -5),
            ("5.0", 5),
            ("5.", 5),
            ("007", 7),
            ("1e3", 1_000),
            ("2.5E1", 25),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807.000", i64::MAX),
            ("9007199254740993e0", 9_007_199_254_740_993),
            ("9.223372036854775807e18", i64::MAX),
            ("-9223372036854775808E+0", i64::MIN),
            ("1200e-2", 12),
            (".5e1", 5),
            ("0.000e99999999999999999999", 0),
        ] {
            check(text, Ok(Some(number)));
        }
        check("", Ok(None));
        check(" \t", Ok(None));
        for text in ["1.5", "-0.25", "5.4999999", "25e-1", "1e-99999999999999999999"] {
            check(text, Err(Wrong::NotWhole));
        }
        for text in [
            "9223372036854775808",
            "99999999999999999999",
            "18446744073709551615",
            "1e19",
            "1e400",
            "9223372036854775808e0",
        ] {
            check(text, Err(Wrong::TooLarge));
        }
        for text in ["-9223372036854775809", "-1e19", "-1e99999999999999999999"] {
            check(text, Err(Wrong::TooSmall));
        }
        for text in [
            "x", "-", "+-5", "0x10", "1_000", "1,000", "5 6", "nan", "inf", "٣", "1e", "e5", "1e+-5", ".",
            "1.2.3", "é",
        ] {
            check(text, Err(Wrong::NotANumber));
        }
    }

    #[test]
    fn doubles_with_a_fraction_are_not_rounded() {
        for (value, expected) in [
            (5.0, Ok(5)),
            (-0.0, Ok(0)),
            (9_223_372_036_854_774_784.0, Ok(9_223_372_036_854_774_784)),
            (-TWO_TO_63, Ok(i64::MIN)),
            (TWO_TO_63, Err(Wrong::TooLarge)),
            (-1e300, Err(Wrong::TooSmall)),
            (0.5, Err(Wrong::NotWhole)),
            (f64::NAN, Err(Wrong::NotWhole)),
            (f64::INFINITY, Err(Wrong::NotWhole)),
        ] {
            assert_eq!(of_double(value), expected, "{value}");
        }
    }

    #[test]
    fn decimals_of_any_width() {
        for (unscaled, scale, expected, text) in [
            (0, 0, Ok(0), "0"),
            (-1_234, 0, Ok(-1_234), "-1234"),
            (-500, 2, Ok(-5), "-5.00"),
            (5, 2, Err(Wrong::NotWhole), "0.05"),
            (i128::from(i64::MAX), 0, Ok(i64::MAX), "9223372036854775807"),
            (i128::from(i64::MAX) + 1, 0, Err(Wrong::TooLarge), "9223372036854775808"),
            (i128::from(i64::MIN) - 1, 0, Err(Wrong::TooSmall), "-9223372036854775809"),
            (i128::from(i64::MAX) * 1_000, 3, Ok(i64::MAX), "9223372036854775807.000"),
        ] {
            assert_eq!(of_decimal(unscaled, scale), expected, "{text}");
            assert_eq!(decimal_text(unscaled, scale), text);
        }
        assert!(decimal_to_double(5, 2).to_bits() == 0.05_f64.to_bits());
        assert_eq!(of_decimal(0, 60), Ok(0));
        assert_eq!(of_decimal(1, 60), Err(Wrong::NotWhole));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_number_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
            let _ = (of_text(&bytes), double_of_text(&bytes));
        }

        #[test]
        fn whole_numbers_come_back(number in any::<i64>(), unsigned in any::<u64>()) {
            prop_assert_eq!(of_text(number.to_string().as_bytes()), Ok(Some(number)));
            let expected = i64::try_from(unsigned).map(Some).map_err(|_| Wrong::TooLarge);
            prop_assert_eq!(of_text(unsigned.to_string().as_bytes()), expected);
        }
    }
}
