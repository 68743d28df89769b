//! Sentence vectors that another program made, and the table that says which vector belongs to which text.
//!
//! Two kinds of files are read: `.npy`, as `NumPy` saves an array (its format versions 1.0 to 3.0; numbers of 2, 4 or 8 bytes
//! in either byte order, rows or columns first), and plain 4-byte floats without a head, as LASER writes them and Vecalign
//! reads them. All become 4-byte floats in memory. Sources: `numpy.lib.format`; IEEE 754 for the halves.
//!
//! Vecalign's table of overlaps is a text file whose line *n* has the vector in row *n*:
//!
//! ```text
//! Dear friends,                       a line of the text
//! We appeal to you.
//! Dear friends, We appeal to you.     two that follow one another, joined by a space
//! ```
//!
//! Its rules (Vecalign, `overlap.py` and `dp_utils.py`): blanks at the ends are cut off, a line without text is
//! `BLANK_LINE`, `PAD` stands before the first line of longer overlaps, and a line holds 10,000 characters at most.

use rustc_hash::FxHashMap;

/// What Vecalign writes for a line without text.
const BLANK_LINE: &str = "BLANK_LINE";

/// How many characters (code points) of an overlap Vecalign keeps.
const MOST_CHARS: usize = 10_000;

const NPY_MAGIC: &[u8] = b"\x93NUMPY";

/// Vectors of one dimension, a row each; every number is finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    rows: usize,
    dimension: usize,
    /// Row after row.
    data: Vec<f32>,
}

/// Says why vectors can't be read. Rows count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorsError {
    /// The file is an archive of arrays.
    #[error("this is an archive (.npz), not an array; save one array with numpy.save")]
    Archive,
    /// The head of a `.npy` file is cut off or makes no sense.
    #[error("the head of the .npy file can't be read: {0}; save the array anew with numpy.save")]
    Head(String),
    /// The numbers are of another type.
    #[error(
        "the numbers are of type {0}; save them as floats, with numpy.save(name, array.astype(\"float32\"))"
    )]
    Type(String),
    /// The array is not a table of at least one column.
    #[error("the array has the shape {0}; one of (rows, dimension) is needed")]
    Shape(String),
    /// The file ends too early, or goes on behind its numbers.
    #[error(
        "{rows} rows of {dimension} numbers take {wanted} bytes, the file has {found}; make it anew"
    )]
    Length {
        /// How many rows the head promises.
        rows: usize,
        /// How many numbers a row.
        dimension: usize,
        /// How many bytes these take.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// The file has no head, and nobody said how many rows it has.
    #[error(
        "the file has no .npy head, so the number of rows must be known: give the text the vectors were made from, or save with numpy.save"
    )]
    UnknownRows,
    /// The file has no head, and its numbers can't be dealt out to so many rows.
    #[error(
        "{found} bytes of 4-byte floats can't be {rows} rows of one length; give the very text the vectors were made from, one line a row"
    )]
    Uneven {
        /// How many bytes there are.
        found: usize,
        /// How many rows there should be.
        rows: usize,
    },
    /// There are more or fewer rows than lines of text.
    #[error(
        "there are {found} rows, and {wanted} were expected; give the very text the vectors were made from, one line a row"
    )]
    Rows {
        /// How many rows the file has.
        found: usize,
        /// How many were asked for.
        wanted: usize,
    },
    /// A row holds a number that is none, or is infinite, or is too large for a 4-byte float.
    #[error(
        "row {row} (from 0) holds a number that is not finite; make the vector of that line anew"
    )]
    NotFinite {
        /// The first such row.
        row: usize,
    },
}

impl Vectors {
    /// Makes vectors from numbers that stand row after row.
    ///
    /// # Errors
    /// When there are not `rows * dimension` numbers, rows without numbers, or a number that is not finite.
    pub fn new(rows: usize, dimension: usize, data: Vec<f32>) -> Result<Self, VectorsError> {
        let wanted = rows.checked_mul(dimension);
        if (rows > 0 && dimension == 0) || wanted.is_none() {
            return Err(VectorsError::Shape(format!("({rows}, {dimension})")));
        }
        let wanted = wanted.unwrap_or_default();
        if data.len() != wanted {
            let bytes = |numbers: usize| numbers.saturating_mul(size_of::<f32>());
            let (wanted, found) = (bytes(wanted), bytes(data.len()));
            return Err(VectorsError::Length { rows, dimension, wanted, found });
        }
        match data.iter().position(|number| !number.is_finite()) {
            Some(at) => Err(VectorsError::NotFinite { row: at / dimension }),
            None => Ok(Self { rows, dimension, data }),
        }
    }

    /// Returns how many vectors there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns how many numbers each vector has; where there are no vectors it may be 0.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Returns a vector as it stands in the file, not brought to a length; `row` counts from 0. Empty for a row that is
    /// not there.
    pub fn row(&self, row: usize) -> &[f32] {
        let start = row.saturating_mul(self.dimension);
        self.data.get(start..start.saturating_add(self.dimension)).unwrap_or_default()
    }
}

/// Reads vectors. `rows` is how many there must be, where that is known; a file without head can't be read without it.
///
/// # Errors
/// When the file is no array of floats with one row a vector, has another number of rows, is cut off or too long, or holds
/// a number that is not finite.
pub fn read(bytes: &[u8], rows: Option<usize>) -> Result<Vectors, VectorsError> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(VectorsError::Archive);
    }
    let vectors = match bytes.strip_prefix(NPY_MAGIC) {
        Some(rest) => read_npy(rest)?,
        None => read_plain(bytes, rows.ok_or(VectorsError::UnknownRows)?)?,
    };
    match rows {
        Some(wanted) if wanted != vectors.rows => {
            Err(VectorsError::Rows { found: vectors.rows, wanted })
        }
        _ => Ok(vectors),
    }
}

fn read_plain(bytes: &[u8], rows: usize) -> Result<Vectors, VectorsError> {
    let uneven = VectorsError::Uneven { found: bytes.len(), rows };
    if rows == 0 {
        return if bytes.is_empty() { Ok(Vectors::default()) } else { Err(uneven) };
    }
    let numbers = bytes.len() / size_of::<f32>();
    if bytes.is_empty()
        || !bytes.len().is_multiple_of(size_of::<f32>())
        || !numbers.is_multiple_of(rows)
    {
        return Err(uneven);
    }
    Vectors::new(rows, numbers / rows, numbers_of(bytes, f32::from_le_bytes))
}

/// Reads what follows the magic of a `.npy` file.
fn read_npy(bytes: &[u8]) -> Result<Vectors, VectorsError> {
    let cut = || VectorsError::Head("the file ends in it".to_owned());
    let (&[major, minor], bytes) = bytes.split_first_chunk().ok_or_else(cut)?;
    let (len, bytes) = match major {
        1 => {
            let (len, bytes) = bytes.split_first_chunk().ok_or_else(cut)?;
            (usize::from(u16::from_le_bytes(*len)), bytes)
        }
        2 | 3 => {
            let (len, bytes) = bytes.split_first_chunk().ok_or_else(cut)?;
            (usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX), bytes)
        }
        _ => return Err(VectorsError::Head(format!("version {major}.{minor} is not known"))),
    };
    let (head, bytes) = bytes.split_at_checked(len).ok_or_else(cut)?;
    let Head { number, is_fortran, rows, dimension } = Head::read(&String::from_utf8_lossy(head))?;
    let wanted = rows.checked_mul(dimension).and_then(|count| count.checked_mul(number.size()));
    let wanted = wanted.filter(|_| rows == 0 || dimension > 0);
    let wanted = wanted.ok_or_else(|| VectorsError::Shape(format!("({rows}, {dimension})")))?;
    if wanted != bytes.len() {
        return Err(VectorsError::Length { rows, dimension, wanted, found: bytes.len() });
    }
    let mut data = number.read(bytes);
    if is_fortran {
        let by_column = data;
        let cells = (0..rows).flat_map(|row| (0..dimension).map(move |column| (row, column)));
        data = cells.map(|(row, column)| by_column[column * rows + row]).collect();
    }
    Vectors::new(rows, dimension, data)
}

/// What the head of a `.npy` file says: a Python dictionary such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1024), }`.
struct Head {
    number: Number,
    is_fortran: bool,
    rows: usize,
    dimension: usize,
}

impl Head {
    fn read(text: &str) -> Result<Self, VectorsError> {
        let value = |key: &str| {
            let at = text.find(&format!("'{key}'")).or_else(|| text.find(&format!("\"{key}\"")));
            let rest = at.and_then(|at| text.get(at + key.len() + 2..));
            let value = rest.and_then(|rest| rest.trim_start().strip_prefix(':'));
            value.map(str::trim_start).ok_or_else(|| VectorsError::Head(format!("no {key} in it")))
        };
        let kind = value("descr")?;
        let name = kind.strip_prefix(['\'', '"']).and_then(|name| name.split(['\'', '"']).next());
        let name = name.unwrap_or("a record");
        let number = Number::named(name).ok_or_else(|| VectorsError::Type(shortened(name)))?;
        let order = value("fortran_order")?;
        let is_fortran = match order {
            _ if order.starts_with("True") => true,
            _ if order.starts_with("False") => false,
            _ => return Err(VectorsError::Head("fortran_order is not True or False".to_owned())),
        };
        let shape = value("shape")?;
        let shape = shape.split_inclusive(')').next().unwrap_or_default();
        let wrong = || VectorsError::Shape(shortened(shape));
        let sizes = shape.strip_prefix('(').and_then(|sizes| sizes.strip_suffix(')'));
        let sizes = sizes.ok_or_else(wrong)?.split(',').map(str::trim);
        let sizes = sizes.filter(|size| !size.is_empty());
        let sizes: Result<Vec<usize>, _> =
            sizes.map(|size| size.trim_end_matches('L').parse()).collect();
        match sizes.as_deref() {
            Ok([rows, dimension]) => {
                Ok(Self { number, is_fortran, rows: *rows, dimension: *dimension })
            }
            _ => Err(wrong()),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// How a number is written.
#[derive(Clone, Copy)]
enum Number {
    Half { is_big: bool },
    Single { is_big: bool },
    Double { is_big: bool },
}

impl Number {
    /// Returns the type of a name such as `<f4`.
    fn named(name: &str) -> Option<Self> {
        let (is_big, kind) = match name.strip_prefix('>') {
            Some(kind) => (true, kind),
            // `=` is the order of the machine that wrote the file, and there is hardly one left that is not little.
            None => (false, name.trim_start_matches(['<', '=', '|'])),
        };
        match kind {
            "f2" => Some(Self::Half { is_big }),
            "f4" => Some(Self::Single { is_big }),
            "f8" => Some(Self::Double { is_big }),
            _ => None,
        }
    }

    fn size(self) -> usize {
        match self {
            Self::Half { .. } => 2,
            Self::Single { .. } => 4,
            Self::Double { .. } => 8,
        }
    }

    fn read(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::Half { is_big: true } => numbers_of(bytes, |b| half(u16::from_be_bytes(b))),
            Self::Half { is_big: false } => numbers_of(bytes, |b| half(u16::from_le_bytes(b))),
            Self::Single { is_big: true } => numbers_of(bytes, f32::from_be_bytes),
            Self::Single { is_big: false } => numbers_of(bytes, f32::from_le_bytes),
            Self::Double { is_big: true } => numbers_of(bytes, |b| narrow(f64::from_be_bytes(b))),
            Self::Double { is_big: false } => numbers_of(bytes, |b| narrow(f64::from_le_bytes(b))),
        }
    }
}

fn numbers_of<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|bytes| number(*bytes)).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounding is wanted; what is too large becomes infinite and is refused"
)]
fn narrow(number: f64) -> f32 {
    number as f32
}

/// Returns the value of a 2-byte float: 1 bit sign, 5 bits exponent with a bias of 15, 10 bits fraction.
fn half(bits: u16) -> f32 {
    let bits = u32::from(bits);
    let (sign, exponent, fraction) = ((bits & 0x8000) << 16, (bits >> 10) & 0x1F, bits & 0x3FF);
    match exponent {
        // Too small for the usual form: the fraction counts units of 2 to the power of -24.
        0 => f32::from_bits(sign | (fraction as f32 / 16_777_216.0).to_bits()),
        0x1F => f32::from_bits(sign | 0x7F80_0000 | (fraction << 13)),
        // The bias of a 4-byte float is 127.
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

/// Which row of a file of vectors belongs to which text: Vecalign's table of overlaps.
///
/// Texts are compared with runs of blanks made one space, so that a text that was joined otherwise is found too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlaps {
    rows: FxHashMap<String, usize>,
    len: usize,
}

impl Overlaps {
    /// Reads a table: a line a row, from 0. Of two lines that say the same the first counts.
    pub fn read(text: &str) -> Self {
        let mut overlaps = Self::default();
        for line in text.strip_prefix('\u{FEFF}').unwrap_or(text).lines() {
            overlaps.rows.entry(normal([line])).or_insert(overlaps.len);
            overlaps.len += 1;
        }
        overlaps
    }

    /// Returns how many lines the table has, and so how many rows its file of vectors must have.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Says whether the table has no line.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the row of the texts that follow one another, joined by a space; a text without a letter or sign counts
    /// as a blank line. `None` where the table does not hold them together.
    pub fn row<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Option<usize> {
        self.rows.get(&normal(texts)).copied()
    }
}

/// Returns texts as one line of a table.
fn normal<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut line = String::new();
    for text in texts {
        let is_blank = text.trim().is_empty();
        let text = if is_blank { BLANK_LINE } else { text };
        for word in text.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    if let Some((end, _)) = line.char_indices().nth(MOST_CHARS) {
        line.truncate(line[..end].trim_end().len());
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A `.npy` file of version 1.0, or of 2.0 and 3.0 with a longer length.
    fn npy(version: u8, kind: &str, order: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let head =
            format!("{{'descr': {kind}, 'fortran_order': {order}, 'shape': {shape}, }}   \n");
        let mut bytes = [NPY_MAGIC, &[version, 0]].concat();
        match version {
            1 => bytes.extend(u16::try_from(head.len()).unwrap().to_le_bytes()),
            _ => bytes.extend(u32::try_from(head.len()).unwrap().to_le_bytes()),
        }
        bytes.extend(head.bytes());
        bytes.extend(data);
        bytes
    }

    const NUMBERS: [f32; 6] = [1.0, -2.5, 0.0, 0.125, 3.0, -0.5];

    fn bytes_of<const N: usize>(order: [usize; 6], write: fn(f32) -> [u8; N]) -> Vec<u8> {
        order.iter().flat_map(|place| write(NUMBERS[*place])).collect()
    }

    #[test]
    fn arrays_of_any_float_and_order_are_read() {
        let wanted = Vectors::new(2, 3, NUMBERS.to_vec()).unwrap();
        let in_rows = [0, 1, 2, 3, 4, 5];
        let in_columns = [0, 3, 1, 4, 2, 5];
        let halves = [0x3C00u16, 0xC100, 0, 0x3000, 0x4200, 0xB800];
        let file = |version, kind: &str, order: &str, data: &[u8]| {
            npy(version, kind, order, "(2, 3)", data)
        };
        let files = [
            file(1, "'<f4'", "False", &bytes_of(in_rows, f32::to_le_bytes)),
            file(2, "'>f4'", "False", &bytes_of(in_rows, f32::to_be_bytes)),
            file(3, "'<f8'", "True", &bytes_of(in_columns, |n| f64::from(n).to_le_bytes())),
            file(1, "\">f8\"", "False", &bytes_of(in_rows, |n| f64::from(n).to_be_bytes())),
            file(1, "'<f2'", "False", &halves.map(u16::to_le_bytes).concat()),
            file(1, "'>f2'", "False", &halves.map(u16::to_be_bytes).concat()),
        ];
        for (place, file) in files.iter().enumerate() {
            assert_eq!(read(file, None).as_ref(), Ok(&wanted), "{place}");
        }
        assert_eq!(read(&bytes_of(in_rows, f32::to_le_bytes), Some(2)), Ok(wanted.clone()));
        assert_eq!((wanted.row(1), wanted.row(2)), (&[0.125, 3.0, -0.5][..], &[][..]));
        assert_eq!((wanted.rows(), wanted.dimension(), wanted.row(usize::MAX).len()), (2, 3, 0));
        let smallest = half(0x0001);
        assert!((smallest * 16_777_216.0 - 1.0).abs() < 1e-6 && half(0xFC00).is_infinite());
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_way_out() {
        let told = |bytes: &[u8], rows| read(bytes, rows).unwrap_err().to_string();
        let data = bytes_of([0, 1, 2, 3, 4, 5], f32::to_le_bytes);
        let good = npy(1, "'<f4'", "False", "(2, 3)", &data);
        assert!(told(&good[..good.len() - 1], None).contains("take 24 bytes, the file has 23"));
        assert!(told(&good[..20], None).contains("the file ends in it"));
        assert!(told(&[&good[..], b"x"].concat(), None).contains("the file has 25"));
        assert!(told(&good, Some(3)).contains("there are 2 rows, and 3 were expected"));
        assert!(told(&npy(1, "'<i8'", "False", "(2, 3)", &data), None).contains("of type <i8"));
        assert!(told(&npy(1, "[('a', '<f4')]", "False", "(6,)", &data), None).contains("a record"));
        for shape in ["(6,)", "(1, 2, 3)", "()", "(2, -3)", "(2, 0)", "(2, 3"] {
            let error = read(&npy(1, "'<f4'", "False", shape, &[]), None).unwrap_err();
            assert!(matches!(error, VectorsError::Shape(_)), "{shape}: {error}");
        }
        let huge = npy(1, "'<f8'", "False", "(18446744073709551615, 2)", &data);
        assert!(matches!(read(&huge, None), Err(VectorsError::Shape(_))));
        let empty = npy(1, "'<f8'", "True", "(18446744073709551615, 0)", &[]);
        assert!(matches!(read(&empty, None), Err(VectorsError::Shape(_))));
        let long_head = [NPY_MAGIC, &[2, 0, 255, 255, 255, 255], b"{'descr'"].concat();
        assert!(matches!(read(&long_head, None), Err(VectorsError::Head(_))));
        assert!(told(&[NPY_MAGIC, &[9, 0]].concat(), None).contains("version 9.0"));
        assert!(told(b"PK\x03\x04", None).contains("numpy.save"));
        assert_eq!(read(&data, None), Err(VectorsError::UnknownRows));
        assert_eq!(read(&data, Some(4)), Err(VectorsError::Uneven { found: 24, rows: 4 }));
        assert_eq!(read(&data[1..], Some(1)), Err(VectorsError::Uneven { found: 23, rows: 1 }));
        assert_eq!(read(b"", Some(1)), Err(VectorsError::Uneven { found: 0, rows: 1 }));
        assert_eq!(read(b"", Some(0)), Ok(Vectors::default()));
        assert_eq!(read(&npy(1, "'<f4'", "False", "(0, 3)", &[]), Some(0)).unwrap().rows(), 0);
    }

    #[test]
    fn a_row_that_is_not_finite_is_named() {
        for wrong in [f32::NAN, f32::INFINITY] {
            let data: Vec<u8> =
                [1.0, 2.0, 3.0, wrong].into_iter().flat_map(f32::to_le_bytes).collect();
            assert_eq!(read(&data, Some(2)), Err(VectorsError::NotFinite { row: 1 }));
        }
        let large = [1.0, 1e300].into_iter().flat_map(f64::to_le_bytes).collect::<Vec<u8>>();
        let large = npy(1, "'<f8'", "False", "(2, 1)", &large);
        assert_eq!(read(&large, None), Err(VectorsError::NotFinite { row: 1 }));
    }

    #[test]
    fn overlaps_are_found_by_their_text() {
        let text =
            "\u{FEFF}Dear  friends,\nBLANK_LINE\r\nHelp.\nPAD\nDear  friends, BLANK_LINE\nHelp.\n";
        let overlaps = Overlaps::read(text);
        assert_eq!(overlaps.len(), 6);
        assert_eq!(overlaps.row(["Dear friends,"]), Some(0));
        assert_eq!(overlaps.row([" \t"]), Some(1));
        assert_eq!(overlaps.row([" Help. "]), Some(2));
        assert_eq!(overlaps.row([" Dear friends,", ""]), Some(4));
        assert_eq!(overlaps.row(["", "Help."]), None);
        let long = "əı ".repeat(MOST_CHARS);
        let cut: String = long.chars().take(MOST_CHARS).collect();
        assert_eq!(Overlaps::read(&cut).row([long.as_str()]), Some(0));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            head in proptest::sample::select(vec![
                &b""[..], b"\x93NUMPY", b"\x93NUMPY\x01\x00\x40\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                b"\x93NUMPY\x02\x00\xFF\xFF\x00\x00{'descr':'>f2'", b"PK",
            ]),
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..120),
            rows in proptest::option::of(0usize..5),
        ) {
            if let Ok(vectors) = read(&[head, &bytes].concat(), rows) {
                prop_assert!((0..vectors.rows()).all(|row| vectors.row(row).len() == vectors.dimension()));
            }
        }

        #[test]
        fn no_head_makes_the_reader_panic(
            kind in "['\"<>|=]{0,3}[fi][248]['\"]?", order in "True|False|x", shape in "\\(?[0-9L, -]{0,8}\\)?",
        ) {
            let _ = read(&npy(1, &kind, &order, &shape, &[0; 48]), None);
        }
    }
}
