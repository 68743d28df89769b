//! Patterns as Java and ICU write them, as the `regex` crate reads them.
//!
//! SRX names ICU regular expressions as its notation, and most files were written for Java. The differences that
//! occur in rule files are rewritten here: `\Q…\E`, `\h`, `\v`, `\R`, `\uXXXX`, octal and control escapes, escapes of
//! characters that need none, hyphens and set operators inside classes, names of properties, scripts and blocks, flags
//! that Rust does not know. What is left (look-around, back-references, atomic groups) goes to `fancy-regex`.
//!
//! `\w`, `\d`, `\s`, `\b` and the POSIX names go by Unicode, as ICU has them.
//! Sources: the SRX 2.0 specification, section "Regular expressions"; the pattern pages of ICU and of Java's `Pattern`.

/// White space in a line, as `\h` means it (Java's `Pattern`, "A horizontal whitespace character").
const HORIZONTAL: &str = r"\t\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}";

/// Line ends, as `\v` means them (Java's `Pattern`, "A vertical whitespace character").
const VERTICAL: &str = r"\n\x0B\f\r\x{85}\x{2028}\x{2029}";

/// Blocks of Unicode that rule files name (Blocks.txt of the Unicode Character Database), names without blanks, hyphens
/// and case.
const BLOCKS: [(&str, &str); 27] = [
    ("basiclatin", r"\x00-\x7F"),
    ("latin1supplement", r"\x{80}-\x{FF}"),
    ("latinextendeda", r"\x{100}-\x{17F}"),
    ("latinextendedb", r"\x{180}-\x{24F}"),
    ("latinextendedadditional", r"\x{1E00}-\x{1EFF}"),
    ("ipaextensions", r"\x{250}-\x{2AF}"),
    ("combiningdiacriticalmarks", r"\x{300}-\x{36F}"),
    ("greek", r"\x{370}-\x{3FF}"),
    ("greekandcoptic", r"\x{370}-\x{3FF}"),
    ("cyrillic", r"\x{400}-\x{4FF}"),
    ("armenian", r"\x{530}-\x{58F}"),
    ("hebrew", r"\x{590}-\x{5FF}"),
    ("arabic", r"\x{600}-\x{6FF}"),
    ("devanagari", r"\x{900}-\x{97F}"),
    ("bengali", r"\x{980}-\x{9FF}"),
    ("tamil", r"\x{B80}-\x{BFF}"),
    ("thai", r"\x{E00}-\x{E7F}"),
    ("georgian", r"\x{10A0}-\x{10FF}"),
    ("hangulsyllables", r"\x{AC00}-\x{D7AF}"),
    ("khmer", r"\x{1780}-\x{17FF}"),
    ("generalpunctuation", r"\x{2000}-\x{206F}"),
    ("currencysymbols", r"\x{20A0}-\x{20CF}"),
    ("cjksymbolsandpunctuation", r"\x{3000}-\x{303F}"),
    ("hiragana", r"\x{3040}-\x{309F}"),
    ("katakana", r"\x{30A0}-\x{30FF}"),
    ("cjkunifiedideographs", r"\x{4E00}-\x{9FFF}"),
    ("halfwidthandfullwidthforms", r"\x{FF00}-\x{FFEF}"),
];

/// A pattern in Rust's notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Translated {
    pub(super) text: String,
    /// Whether it has possessive quantifiers, which `regex` would read as nested ones.
    pub(super) is_possessive: bool,
}

/// Rewrites a pattern.
///
/// # Errors
/// What has no equivalent, in words.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        letters: pattern.chars().collect(),
        at: 0,
        out: String::with_capacity(pattern.len() + 8),
        depth: 0,
        is_possessive: false,
    };
    translator.run()?;
    Ok(Translated { text: translator.out, is_possessive: translator.is_possessive })
}

struct Translator {
    letters: Vec<char>,
    at: usize,
    out: String,
    /// How many classes are open.
    depth: usize,
    is_possessive: bool,
}

impl Translator {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn starts_with(&self, piece: &str) -> bool {
        piece.chars().enumerate().all(|(ahead, c)| self.peek(ahead) == Some(c))
    }

    fn run(&mut self) -> Result<(), String> {
        while let Some(letter) = self.peek(0) {
            self.at += 1;
            match letter {
                '\\' => self.escape()?,
                '[' => self.open_class()?,
                ']' if self.depth > 0 => {
                    self.depth -= 1;
                    self.out.push(']');
                    if self.depth > 0 && self.starts_with("-[") {
                        // A difference of sets, as ICU writes it.
                        self.at += 1;
                        self.out.push_str("--");
                    }
                }
                _ if self.depth > 0 => self.class_letter(letter),
                '(' if self.starts_with("?") => self.group(),
                '*' | '+' | '?' | '}' => {
                    self.out.push(letter);
                    self.is_possessive |= self.peek(0) == Some('+');
                }
                _ => self.out.push(letter),
            }
        }
        Ok(())
    }

    fn open_class(&mut self) -> Result<(), String> {
        if self.depth > 0 && self.starts_with(":") {
            let rest: String = self.letters[self.at + 1..].iter().collect();
            if let Some((name, _)) = rest.split_once(":]") {
                self.at += name.chars().count() + 3;
                let (name, is_negated) = match name.strip_prefix('^') {
                    Some(name) => (name, true),
                    None => (name, false),
                };
                return self.property(name, is_negated);
            }
        }
        self.out.push('[');
        self.depth += 1;
        if self.peek(0) == Some('^') {
            self.at += 1;
            self.out.push('^');
        }
        Ok(())
    }

    /// Writes a letter inside a class. Rust reads `--`, `&&` and `~~` as operators; Java and ICU the second only.
    fn class_letter(&mut self, letter: char) {
        match letter {
            '&' if self.peek(0) == Some('&') => {
                self.at += 1;
                self.out.push_str("&&");
            }
            '&' | '~' => self.out.extend(['\\', letter]),
            '-' if self.is_literal_hyphen() => self.out.push_str(r"\-"),
            _ => self.out.push(letter),
        }
    }

    /// Says whether the hyphen just read makes no range: at an end of the class or beside a class escape.
    fn is_literal_hyphen(&self) -> bool {
        let is_class = |c: Option<char>| {
            c.is_some_and(|c| matches!(c, 'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'h' | 'p' | 'P'))
        };
        let left = self.out.trim_end_matches(|c| c != '\\');
        let left_is_class = self.out.ends_with(['[', ']', '}'])
            || self.out.ends_with("[^") && !self.out.ends_with(r"\[^")
            || left.len() + 1 == self.out.len() && is_class(self.out.chars().next_back());
        let right_is_class =
            self.peek(0) == Some('[') || self.peek(0) == Some('\\') && is_class(self.peek(1));
        left_is_class || right_is_class || matches!(self.peek(0), Some(']' | '-') | None)
    }

    /// Writes the head of a group that begins with `(?`, without the flags Rust does not know: `d` (lines end at LF
    /// only, as ours do), `U` and `w` (Unicode classes and words, as ours are).
    fn group(&mut self) {
        let mut ahead = 1;
        let mut flags = String::new();
        while let Some(letter) = self.peek(ahead).filter(|c| c.is_ascii_alphabetic() || *c == '-') {
            flags.push(letter);
            ahead += 1;
        }
        let end = self.peek(ahead);
        if flags.is_empty() || !matches!(end, Some(')' | ':')) {
            self.out.push('(');
            return;
        }
        self.at += ahead + 1;
        flags.retain(|c| !matches!(c, 'd' | 'U' | 'w'));
        let flags = flags.trim_end_matches('-');
        match (flags.is_empty(), end) {
            (true, Some(')')) => {}
            (_, Some(end)) => {
                self.out.push_str("(?");
                self.out.push_str(flags);
                self.out.push(end);
            }
            (_, None) => {}
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(letter) = self.peek(0) else {
            return Err("the pattern ends in a backslash".to_owned());
        };
        self.at += 1;
        match letter {
            'Q' => {
                while self.at < self.letters.len() && !self.starts_with(r"\E") {
                    self.literal(self.letters[self.at]);
                    self.at += 1;
                }
                self.at = (self.at + 2).min(self.letters.len());
            }
            'E' => {}
            'h' => self.set(HORIZONTAL, false),
            'H' => self.set(HORIZONTAL, true),
            'v' => self.set(VERTICAL, false),
            'V' => self.set(VERTICAL, true),
            'R' if self.depth == 0 => {
                self.out.push_str(r"(?:\r\n|[");
                self.out.push_str(VERTICAL);
                self.out.push_str("])");
            }
            'Z' if self.depth == 0 => self.out.push_str(r"(?=\n?\z)"),
            'e' => self.literal('\u{1B}'),
            'a' => self.literal('\u{7}'),
            'c' => {
                let control = self
                    .peek(0)
                    .filter(char::is_ascii)
                    .and_then(|c| char::from_u32(u32::from(c.to_ascii_uppercase()) ^ 0x40));
                self.at += 1;
                self.literal(control.ok_or(r"\c has no letter behind it")?);
            }
            '0' => {
                let most = if matches!(self.peek(0), Some('0'..='3')) { 3 } else { 2 };
                let code = self.digits(8, most).ok_or(r"\0 has no octal digits behind it")?;
                self.code(code)?;
            }
            'u' => {
                let code = self.digits(16, 4).ok_or(r"\u has no four digits behind it")?;
                if (0xD800..0xDC00).contains(&code) && self.starts_with(r"\u") {
                    self.at += 2;
                    let low = self.digits(16, 4).unwrap_or(0);
                    let low = low.checked_sub(0xDC00).filter(|low| *low < 0x400);
                    let low = low.ok_or("half a surrogate pair")?;
                    return self.code(0x1_0000 + ((code - 0xD800) << 10) + low);
                }
                self.code(code)?;
            }
            'U' => {
                let code = self.digits(16, 8).ok_or(r"\U has no eight digits behind it")?;
                self.code(code)?;
            }
            'x' if self.peek(0) != Some('{') => {
                let code = self.digits(16, 2).ok_or(r"\x has no two digits behind it")?;
                self.code(code)?;
            }
            'p' | 'P' => {
                let name = if self.peek(0) == Some('{') {
                    let rest: String = self.letters[self.at + 1..].iter().collect();
                    let (name, _) =
                        rest.split_once('}').ok_or("a property without closing brace")?;
                    self.at += name.chars().count() + 2;
                    name.to_owned()
                } else {
                    let letter = self.peek(0).ok_or(r"\p has no name behind it")?;
                    self.at += 1;
                    letter.to_string()
                };
                let (name, is_negated) = match name.strip_prefix('^') {
                    Some(name) => (name, letter == 'p'),
                    None => (&name[..], letter == 'P'),
                };
                self.property(name, is_negated)?;
            }
            'A'
            | 'z'
            | 'b'
            | 'B'
            | 'd'
            | 'D'
            | 's'
            | 'S'
            | 'w'
            | 'W'
            | 't'
            | 'n'
            | 'r'
            | 'f'
            | 'k'
            | 'x'
            | '1'..='9' => self.out.extend(['\\', letter]),
            _ if letter.is_ascii_alphabetic() => {
                return Err(format!("\\{letter} is not known here"));
            }
            _ => self.literal(letter),
        }
        Ok(())
    }

    /// Reads up to `most` digits; all of them must be there for hexadecimal ones.
    fn digits(&mut self, radix: u32, most: usize) -> Option<u32> {
        let digits: String =
            (0..most).map_while(|ahead| self.peek(ahead).filter(|c| c.is_digit(radix))).collect();
        if digits.is_empty() || radix == 16 && digits.len() < most {
            return None;
        }
        self.at += digits.len();
        u32::from_str_radix(&digits, radix).ok()
    }

    fn code(&mut self, code: u32) -> Result<(), String> {
        let letter = char::from_u32(code).ok_or_else(|| format!("U+{code:04X} is no character"))?;
        self.literal(letter);
        Ok(())
    }

    fn literal(&mut self, letter: char) {
        if letter.is_control() {
            self.out.push_str(&format!("\\x{{{:X}}}", u32::from(letter)));
        } else if self.depth > 0 && matches!(letter, '[' | ']' | '^' | '-' | '&' | '~' | '\\') {
            self.out.extend(['\\', letter]);
        } else if self.depth > 0 {
            self.out.push(letter);
        } else {
            self.out.push_str(&regex_syntax::escape(letter.encode_utf8(&mut [0; 4])));
        }
    }

    fn set(&mut self, members: &str, is_negated: bool) {
        let is_bare = self.depth > 0 && !is_negated;
        if !is_bare {
            self.out.push_str(if is_negated { "[^" } else { "[" });
        }
        self.out.push_str(members);
        if !is_bare {
            self.out.push(']');
        }
    }

    fn property(&mut self, name: &str, is_negated: bool) -> Result<(), String> {
        let folded: String = name
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '_'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let block = folded.strip_prefix("in").or(folded.strip_prefix("block="));
        if let Some((_, members)) = BLOCKS
            .iter()
            .find(|(name, _)| block == Some(name) || folded.strip_prefix("blk=") == Some(name))
        {
            self.set(members, is_negated);
            return Ok(());
        }
        let members = match &folded[..] {
            "alnum" => r"\p{Alphabetic}\p{Nd}",
            "punct" => r"\p{P}",
            "cntrl" => r"\p{Cc}",
            "xdigit" => "0-9A-Fa-f",
            "blank" => HORIZONTAL,
            "digit" => r"\p{Nd}",
            "space" | "javawhitespace" => r"\s",
            "alpha" | "isalphabetic" => r"\p{Alphabetic}",
            "lower" | "javalowercase" | "islowercase" => r"\p{Lowercase}",
            "upper" | "javauppercase" | "isuppercase" => r"\p{Uppercase}",
            "javaletter" => r"\p{L}",
            "javaletterordigit" => r"\p{L}\p{Nd}",
            "javadigit" => r"\p{Nd}",
            "ascii" => r"\x00-\x7F",
            "graph" => r"\p{L}\p{M}\p{N}\p{P}\p{S}",
            "print" => r"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}",
            "l1" => r"\x00-\xFF",
            _ => "",
        };
        if !members.is_empty() {
            self.set(members, is_negated);
            return Ok(());
        }
        let is_known = |name: &str| regex_syntax::parse(&format!(r"\p{{{name}}}")).is_ok();
        // Java puts `Is` before scripts, categories and binary properties.
        let bare =
            name.strip_prefix("Is").or(name.strip_prefix("is")).filter(|bare| is_known(bare));
        let name = match bare {
            Some(bare) => bare,
            None if is_known(name) => name,
            None => return Err(format!("the property {name} is not known")),
        };
        self.out.push_str(if is_negated { r"\P{" } else { r"\p{" });
        self.out.push_str(name);
        self.out.push('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let translated = translate(pattern).expect("a pattern that can be translated");
        let regex = regex::Regex::new(&format!("^(?:{})$", translated.text));
        regex.unwrap_or_else(|error| panic!("{pattern}: {error}")).is_match(text)
    }

    #[test]
    fn java_and_icu_notation_is_rewritten() {
        for (pattern, text, expected) in [
            (r"\Qa.m.\E", "a.m.", true),
            (r"\Qa.m.\E", "axm.", false),
            (r"x\h+y", "x\u{A0}\ty", true),
            (r"x[\h\.]y", "x y", true),
            (r"\H", " ", false),
            (r"a\Rb", "a\r\nb", true),
            (r"[\d-–]+", "1-–2", true),
            (r"[\-\d.,-]+", "1-,", true),
            (r"[a--]", "-", true),
            (r"[a-z&&[^aeiou]]+", "xyz", true),
            (r"[a-z&&[^aeiou]]+", "xyza", false),
            (r"[[a-z]-[b]]", "b", false),
            (r"[[:upper:]x]", "İ", true),
            (r"[&~#]", "~", true),
            (r"\p{IsCyrillic}+", "Ана", true),
            (r"\p{InGreek}", "α", true),
            (r"\P{InGreek}", "α", false),
            (r"\p{Upper}\p{javaLowerCase}", "Ən", true),
            (r"\p{IsLu}", "A", true),
            (r"\p{^Lu}", "A", false),
            (r"\u0130\x41\0101", "İAA", true),
            (r"\uD83D\uDE00", "😀", true),
            (r"\<b\>\'\’\_\ ", "<b>'’_ ", true),
            (r"(?iu)ə(?-i)B", "ƏB", true),
            (r"(?U)a", "a", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text:?}");
        }
    }

    #[test]
    fn what_has_no_equivalent_is_told() {
        for pattern in [r"\N{EM DASH}", r"\X", r"\p{InAtlantean}", r"\y", "\\"] {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
        assert!(translate("a++b").expect("fine").is_possessive);
    }
}
