//! Form: quotation marks that one version has and the other lost.

use super::Context;
use crate::model::{Divergence, DivergenceType, Severity};

/// Adds a finding where the source quotes and the target has no quotation mark at all. Marks need not match: texts mix
/// them; and translations into Azerbaijani add marks to names, so added ones are no fault.
pub(super) fn quotes(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let marks = |text: &str| {
        text.chars().filter(|c| matches!(c, '"' | '“' | '”' | '„' | '«' | '»')).count()
    };
    let count = |side: &super::Side<'_>| side.texts().map(|(text, _)| marks(text)).sum::<usize>();
    let (source, target) = (count(&context.source), count(&context.target));
    if source >= 2 && target == 0 {
        let message = format!("the source has {source} quotation marks, the target none");
        found.push(context.finding(
            DivergenceType::Quotes,
            "lost",
            Severity::Warning,
            (None, None),
            message,
        ));
    }
}
