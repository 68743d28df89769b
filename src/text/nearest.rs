//! The name that was meant by a misspelt one, to be told of in an error.

use rapidfuzz::distance::osa;

/// Returns the name that a misspelt one is nearest to, where it is near: at most a third of its letters differ, or it is
/// the beginning of the name. Two swapped letters count as one. Of equally near names the first. The names are small ASCII
/// letters; the case of the word does not matter.
///
/// # Example
/// ```
/// use qosha::text::nearest;
/// assert_eq!(nearest("nubmer", &["number", "percent"]), Some("number"));
/// assert_eq!(nearest("weather", &["number", "percent"]), None);
/// ```
pub fn nearest<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    let word = word.to_ascii_lowercase();
    let near = names.iter().filter_map(|name| {
        let distance = osa::distance(name.chars(), word.chars());
        let is_begun = word.len() >= 3 && name.starts_with(&word);
        (distance * 3 <= name.chars().count() || is_begun).then_some((distance, *name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}
