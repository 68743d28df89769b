//! The file of a memory.
//!
//! One SQLite file with two tables: a row a unit, and a row a text in each of its languages. Each call that writes is one
//! transaction with a rollback journal, so a power cut or `kill -9` leaves the memory as it was before the call. The
//! rollback journal, unlike the write-ahead log, leaves one file that people can copy and send.
//!
//! The head of the file says that it is a memory (`application_id`) and of which version (`user_version`). Both are
//! read before SQLite sees the file, so that nothing of a file that is no memory is changed. An empty file becomes a
//! memory: several programs may make one at a time, and the first that holds the lock makes the tables.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};
use xxhash_rust::xxh3::xxh3_64;

use super::MemoryError;
use crate::model::{Language, Unit};

/// "qosh" in ASCII.
const APPLICATION_ID: u32 = 0x716F_7368;

/// The version of the tables below.
const VERSION: u32 = 1;

const TABLES: &str = "
    CREATE TABLE unit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_language TEXT,
        origin TEXT NOT NULL,
        confidence REAL,
        note TEXT NOT NULL,
        fingerprint INTEGER NOT NULL
    );
    CREATE INDEX unit_by_fingerprint ON unit (fingerprint);
    CREATE TABLE text (
        unit INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
        language TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (unit, language)
    ) WITHOUT ROWID;
";

/// How long a write waits for another program's write: longer than the import of a large file takes.
const WAIT: Duration = Duration::from_secs(60);

/// How many units [`Units`] reads at a time.
const PAGE: usize = 500;

/// Names a unit of a memory; never given to another one, even after a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct UnitId(pub i64);

/// A unit and its id.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The id.
    pub id: UnitId,
    /// The unit.
    pub unit: Unit,
}

/// What became of the units that were to be added: `read = added + merged + all skipped`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// How many were given.
    pub read: usize,
    /// How many are new in the memory.
    pub added: usize,
    /// How many were there already, with the same texts in the same languages.
    pub merged: usize,
    /// How many were not taken, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
}

impl Counts {
    /// Counts units that were skipped before the memory saw them.
    pub fn skip(&mut self, reason: &'static str, count: usize) {
        self.read += count;
        *self.skipped.entry(reason).or_default() += count;
    }
}

/// A translation memory.
#[derive(Debug)]
pub struct Memory {
    pub(super) db: Connection,
    path: PathBuf,
}

impl Memory {
    /// Makes a memory that is gone when it is dropped.
    ///
    /// # Errors
    /// When the database can't be made.
    pub fn in_memory() -> Result<Self, MemoryError> {
        let path = PathBuf::from(":memory:");
        let db = Connection::open_in_memory().map_err(|source| wrong(&path, source))?;
        db.pragma_update(None, "foreign_keys", true)
            .and_then(|()| set_up(&db))
            .map_err(|source| wrong(&path, source))?;
        Ok(Self { db, path })
    }

    /// Makes a new, empty memory.
    ///
    /// # Errors
    /// When a file of that name exists, or it can't be written.
    pub fn create(path: &Path) -> Result<Self, MemoryError> {
        // The folder may be missing or closed: the system's own words say it better than SQLite's.
        match File::options().write(true).create_new(true).open(path) {
            Ok(_) => Self::open_or_create(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(MemoryError::Exists(path.to_owned()))
            }
            Err(source) => Err(unwritable(path, source)),
        }
    }

    /// Opens a memory.
    ///
    /// # Errors
    /// When the file is missing, is no memory, or is of a later version; it is not changed then.
    pub fn open(path: &Path) -> Result<Self, MemoryError> {
        check_head(path)?;
        Self::connect(path)
    }

    /// Opens a memory, or makes one where there is no file or an empty one. Several programs may do so at a time.
    ///
    /// # Errors
    /// As [`Memory::open`], and when the file can't be written.
    pub fn open_or_create(path: &Path) -> Result<Self, MemoryError> {
        match std::fs::metadata(path) {
            Ok(found) if found.len() > 0 || !found.is_file() => check_head(path)?,
            Ok(_) => {}
            // Not emptied: another program may have made it in the meantime.
            Err(_) => {
                let made = File::options().append(true).create(true).open(path);
                made.map_err(|source| unwritable(path, source))?;
            }
        }
        let memory = Self::connect(path)?;
        set_up(&memory.db).map_err(|source| memory.wrong(source))?;
        Ok(memory)
    }

    fn connect(path: &Path) -> Result<Self, MemoryError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(|source| wrong(path, source))?;
        let settings =
            db.busy_timeout(WAIT).and_then(|()| db.pragma_update(None, "foreign_keys", true));
        settings.map_err(|source| wrong(path, source))?;
        Ok(Self { db, path: path.to_owned() })
    }

    /// Returns the file, or `:memory:`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn wrong(&self, source: rusqlite::Error) -> MemoryError {
        wrong(&self.path, source)
    }

    /// Adds units, all or, when something fails, none.
    ///
    /// A unit that is there already, with the same texts in the same languages, is merged: the memory keeps its id and
    /// takes over what it did not know (origin, note, source language) and the higher confidence. A text of white space
    /// only is left out; a unit with text in fewer than two languages is skipped.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn add(&mut self, units: impl IntoIterator<Item = Unit>) -> Result<Counts, MemoryError> {
        self.try_add(units.into_iter().map(Ok::<Unit, MemoryError>))
    }

    /// Adds units from a source that may fail, such as a reader of a file; see [`Memory::add`]. Nothing is added when
    /// it fails.
    ///
    /// # Errors
    /// The first error of the source, or when the file can't be written.
    pub fn try_add<E: From<MemoryError>>(
        &mut self,
        units: impl IntoIterator<Item = Result<Unit, E>>,
    ) -> Result<Counts, E> {
        let path = &self.path;
        let failed = |source| E::from(wrong(path, source));
        // Immediate: a lock that is held elsewhere is met now and not half way.
        let behavior = rusqlite::TransactionBehavior::Immediate;
        let transaction = self.db.transaction_with_behavior(behavior).map_err(failed)?;
        let mut counts = Counts::default();
        for unit in units {
            let mut unit = unit?;
            counts.read += 1;
            unit.texts.retain(|_, text| !text.trim().is_empty());
            if unit.texts.len() < 2 {
                *counts.skipped.entry("text in fewer than two languages").or_default() += 1;
                continue;
            }
            match find_same(&transaction, &unit).map_err(failed)? {
                Some(id) => {
                    merge(&transaction, id, &unit).map_err(failed)?;
                    counts.merged += 1;
                }
                None => {
                    insert(&transaction, &unit).map_err(failed)?;
                    counts.added += 1;
                }
            }
        }
        transaction.commit().map_err(failed)?;
        Ok(counts)
    }

    /// Removes units; an id that is not there is passed over. Returns how many were removed.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn remove(&mut self, ids: &[UnitId]) -> Result<usize, MemoryError> {
        let path = &self.path;
        let failed = |source| wrong(path, source);
        let transaction = self.db.transaction().map_err(failed)?;
        let mut removed = 0;
        for id in ids {
            transaction.execute("DELETE FROM text WHERE unit = ?1", [id.0]).map_err(failed)?;
            removed +=
                transaction.execute("DELETE FROM unit WHERE id = ?1", [id.0]).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(removed)
    }

    /// Returns a unit, or `None` where there is none of that id.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn unit(&self, id: UnitId) -> Result<Option<Unit>, MemoryError> {
        let page = page(&self.db, id.0 - 1, 1).map_err(|source| self.wrong(source))?;
        Ok(page.into_iter().find(|stored| stored.id == id).map(|stored| stored.unit))
    }

    /// Returns all units in the order of their ids, which is that of their adding.
    pub fn units(&self) -> Units<'_> {
        Units { memory: self, after: i64::MIN, ready: VecDeque::new(), is_over: false }
    }
}

/// The units of a memory, in the order of their ids. Read in pages, so that the size of the memory does not matter.
#[derive(Debug)]
pub struct Units<'m> {
    memory: &'m Memory,
    after: i64,
    ready: VecDeque<Stored>,
    is_over: bool,
}

impl Iterator for Units<'_> {
    type Item = Result<Stored, MemoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() && !self.is_over {
            match page(&self.memory.db, self.after, PAGE) {
                Ok(units) => self.ready = units.into(),
                Err(source) => {
                    self.is_over = true;
                    return Some(Err(self.memory.wrong(source)));
                }
            }
            match self.ready.back() {
                Some(last) => self.after = last.id.0,
                None => self.is_over = true,
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

fn wrong(path: &Path, source: rusqlite::Error) -> MemoryError {
    use rusqlite::ErrorCode;
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => MemoryError::Busy(path),
        Some(ErrorCode::NotADatabase) => MemoryError::NotAMemory(path),
        _ => MemoryError::Database { path, source },
    }
}

/// Makes the tables, unless another program has made them.
fn set_up(db: &Connection) -> rusqlite::Result<()> {
    // Immediate: who comes second waits here, and then sees the tables.
    db.execute_batch("BEGIN IMMEDIATE")?;
    let found: u32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if found != APPLICATION_ID {
        db.execute_batch(&format!(
            "{TABLES} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
        ))?;
    }
    db.execute_batch("COMMIT")
}

/// Says why a file can't be made: most often its folder is missing.
fn unwritable(path: &Path, source: io::Error) -> MemoryError {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.exists()) {
        Some(folder) => MemoryError::NoFolder { path: path.to_owned(), folder: folder.to_owned() },
        None => MemoryError::Io { path: path.to_owned(), source },
    }
}

/// Reads the first hundred bytes of the file (laid out in "Database File Format" at sqlite.org, section 1.3).
fn check_head(path: &Path) -> Result<(), MemoryError> {
    let io = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => MemoryError::Missing(path.to_owned()),
        _ => MemoryError::Io { path: path.to_owned(), source },
    };
    let file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.is_dir() {
        return Err(MemoryError::NotAMemory(path.to_owned()));
    }
    let mut head = Vec::with_capacity(100);
    file.take(100).read_to_end(&mut head).map_err(io)?;
    let number = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes.map(u32::from_be_bytes)
    };
    if !head.starts_with(b"SQLite format 3\0") || number(68) != Some(APPLICATION_ID) {
        return Err(MemoryError::NotAMemory(path.to_owned()));
    }
    match number(60) {
        Some(found) if found > VERSION => {
            Err(MemoryError::Newer { path: path.to_owned(), found, known: VERSION })
        }
        _ => Ok(()),
    }
}

/// A number made of the texts and their languages. Equal units have the same; others seldom do, so texts are compared
/// as well.
fn fingerprint(unit: &Unit) -> i64 {
    let mut bytes = Vec::new();
    for (language, text) in &unit.texts {
        bytes.extend_from_slice(language.to_string().as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    }
    xxh3_64(&bytes).cast_signed()
}

fn find_same(db: &Connection, unit: &Unit) -> rusqlite::Result<Option<i64>> {
    let mut same = db.prepare_cached("SELECT id FROM unit WHERE fingerprint = ?1 ORDER BY id")?;
    let ids = same.query_map([fingerprint(unit)], |row| row.get::<_, i64>(0))?;
    for id in ids {
        let id = id?;
        if texts_of(db, id)? == unit.texts {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn texts_of(db: &Connection, id: i64) -> rusqlite::Result<BTreeMap<Language, String>> {
    let mut texts = db.prepare_cached("SELECT language, text FROM text WHERE unit = ?1")?;
    let rows = texts.query_map([id], |row| Ok((language_at(row, 0)?, row.get::<_, String>(1)?)))?;
    rows.collect()
}

pub(super) fn language_at(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Language> {
    let tag: String = row.get(column)?;
    Language::parse(&tag).map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}

fn insert(db: &Connection, unit: &Unit) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO unit (source_language, origin, confidence, note, fingerprint)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        unit.source_language.map(|tag| tag.to_string()),
        unit.origin,
        unit.confidence,
        unit.note,
        fingerprint(unit)
    ])?;
    let id = db.last_insert_rowid();
    let mut text =
        db.prepare_cached("INSERT INTO text (unit, language, text) VALUES (?1, ?2, ?3)")?;
    for (language, words) in &unit.texts {
        text.execute(params![id, language.to_string(), words])?;
    }
    Ok(())
}

fn merge(db: &Connection, id: i64, unit: &Unit) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE unit SET
             source_language = coalesce(source_language, ?2),
             origin = CASE origin WHEN '' THEN ?3 ELSE origin END,
             confidence = CASE
                 WHEN confidence IS NULL THEN ?4
                 WHEN ?4 IS NULL THEN confidence
                 ELSE max(confidence, ?4) END,
             note = CASE note WHEN '' THEN ?5 ELSE note END
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        unit.source_language.map(|tag| tag.to_string()),
        unit.origin,
        unit.confidence,
        unit.note
    ])?;
    Ok(())
}

/// Reads up to `count` units whose ids lie behind `after`.
fn page(db: &Connection, after: i64, count: usize) -> rusqlite::Result<Vec<Stored>> {
    let mut rows = db.prepare_cached(
        "SELECT id, source_language, origin, confidence, note FROM unit WHERE id > ?1
         ORDER BY id LIMIT ?2",
    )?;
    let limit = i64::try_from(count).unwrap_or(i64::MAX);
    let units = rows.query_map(params![after, limit], |row| {
        let source_language = match row.get_ref(1)? {
            rusqlite::types::ValueRef::Null => None,
            _ => Some(language_at(row, 1)?),
        };
        let unit = Unit {
            texts: BTreeMap::new(),
            source_language,
            origin: row.get(2)?,
            confidence: row.get(3)?,
            note: row.get(4)?,
        };
        Ok(Stored { id: UnitId(row.get(0)?), unit })
    })?;
    let mut units = units.collect::<rusqlite::Result<Vec<Stored>>>()?;
    for stored in &mut units {
        stored.unit.texts = texts_of(db, stored.id.0)?;
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(source: &str, target: &str) -> Unit {
        let texts = [(Language::EN, source.to_owned()), (Language::AZ, target.to_owned())].into();
        Unit { texts, ..Unit::default() }
    }

    fn all(memory: &Memory) -> Vec<Stored> {
        memory.units().map(Result::unwrap).collect()
    }

    #[test]
    fn a_unit_that_is_there_is_merged_and_learns() {
        let mut memory = Memory::in_memory().unwrap();
        let first = Unit { confidence: Some(0.5), ..unit("a", "b") };
        let second = Unit {
            confidence: Some(0.9),
            origin: "letter".to_owned(),
            source_language: Some(Language::EN),
            ..unit("a", "b")
        };
        let counts = memory.add([first, second.clone(), unit("a", "c"), unit("x", " \n")]).unwrap();
        assert_eq!((counts.read, counts.added, counts.merged), (4, 2, 1));
        assert_eq!(counts.skipped["text in fewer than two languages"], 1);
        assert_eq!(all(&memory)[0], Stored { id: UnitId(1), unit: second });
        assert_eq!(memory.unit(UnitId(2)).unwrap(), Some(unit("a", "c")));
        assert_eq!(memory.unit(UnitId(9)).unwrap(), None);
    }

    #[test]
    fn a_file_keeps_its_units_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.qosha");
        let units: Vec<Unit> =
            (0..PAGE * 2 + 3).map(|n| unit(&format!("s{n}"), &format!("t{n}"))).collect();
        let mut memory = Memory::create(&path).unwrap();
        memory.add(units.clone()).unwrap();
        drop(memory);
        let mut memory = Memory::open_or_create(&path).unwrap();
        assert_eq!(memory.units().map(|stored| stored.unwrap().unit).collect::<Vec<_>>(), units);
        assert_eq!(memory.remove(&[UnitId(1), UnitId(1), UnitId(99_999)]).unwrap(), 1);
        assert_eq!(memory.units().next().unwrap().unwrap().id, UnitId(2));
        assert!(matches!(Memory::create(&path), Err(MemoryError::Exists(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_source_that_fails_adds_nothing() {
        let mut memory = Memory::in_memory().unwrap();
        let broken = MemoryError::Missing(PathBuf::from("x"));
        assert!(memory.try_add([Ok(unit("a", "b")), Err(broken)]).is_err());
        assert!(all(&memory).is_empty());
        assert_eq!(memory.add([unit("a", "b")]).unwrap().added, 1);
    }

    #[test]
    fn what_is_no_memory_is_refused_and_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("letter.txt");
        let empty = folder.path().join("empty");
        let other = folder.path().join("other.db");
        std::fs::write(&text, "Salam").unwrap();
        std::fs::write(&empty, "").unwrap();
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        for path in [&text, &other] {
            let before = std::fs::read(path).unwrap();
            assert!(matches!(Memory::open_or_create(path), Err(MemoryError::NotAMemory(_))));
            assert_eq!(std::fs::read(path).unwrap(), before);
        }
        assert!(matches!(Memory::open(&empty), Err(MemoryError::NotAMemory(_))));
        assert!(Memory::open_or_create(&empty).is_ok() && Memory::open(&empty).is_ok());
        assert!(matches!(Memory::open(folder.path()), Err(MemoryError::NotAMemory(_))));
        assert!(matches!(Memory::open(&folder.path().join("no")), Err(MemoryError::Missing(_))));
        let deep = folder.path().join("no/folder");
        for made in [Memory::create(&deep), Memory::open_or_create(&deep)] {
            assert!(matches!(made, Err(MemoryError::NoFolder { .. })));
        }
    }

    #[test]
    fn several_may_make_a_memory_at_a_time() {
        for _ in 0..8 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("memory.qosha");
            std::thread::scope(|scope| {
                for n in 0..6 {
                    let path = &path;
                    scope.spawn(move || {
                        let mut memory = Memory::open_or_create(path).unwrap();
                        memory.add([unit(&format!("s{n}"), "t")]).unwrap();
                    });
                }
            });
            assert_eq!(all(&Memory::open(&path).unwrap()).len(), 6);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_later_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.qosha");
        let memory = Memory::create(&path).unwrap();
        memory.db.pragma_update(None, "user_version", VERSION + 1).unwrap();
        drop(memory);
        assert!(matches!(Memory::open(&path), Err(MemoryError::Newer { found: 2, known: 1, .. })));
    }

    #[test]
    fn what_was_not_committed_is_gone_after_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.qosha");
        let mut memory = Memory::create(&path).unwrap();
        memory.add([unit("a", "b")]).unwrap();
        // A program that dies in the middle of an import leaves its pages and its journal behind.
        memory.db.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
        for n in 0..2000 {
            insert(&memory.db, &unit(&format!("s{n}"), "t")).unwrap();
        }
        let copy = folder.path().join("copy.qosha");
        std::fs::copy(&path, &copy).unwrap();
        std::fs::copy(path.with_extension("qosha-journal"), copy.with_extension("qosha-journal"))
            .unwrap();
        let reopened = Memory::open(&copy).unwrap();
        assert_eq!(all(&reopened), [Stored { id: UnitId(1), unit: unit("a", "b") }]);
    }
}
