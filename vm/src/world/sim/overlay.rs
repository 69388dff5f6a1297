//! The simulated file system: reads through to the disk, keeps what is written, made, moved and removed in memory.
//!
//! A file's contents are frozen when it is first opened. What could tell one machine from another is normalised: owners, inode
//! numbers (by first sight), times (the epoch for files of the disk), permissions (0o644, 0o755), the order of directories.
//! `/dev`, `/proc` and `/sys` hold nothing but `/dev/null`.

#![allow(clippy::disallowed_methods)] // the world is what may

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::super::native::disk;
use super::super::{DirEntry, File, FileStat, Handle, OsError, OsResult, Tid, Whence};
use super::{Core, EPOCH_NS};

/// User and group that own everything.
pub const OWNER: u32 = 1000;
/// The longest name of a file, in bytes.
const MAX_NAME: usize = 255;
/// Links followed before `ELOOP`.
const MAX_LINKS: usize = 40;
/// Largest file kept in memory.
const MAX_FILE: u64 = 4 << 30;

/// What happens to writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FsMode {
    /// They stay in memory.
    Overlay,
    /// Everything goes to the disk as it is.
    WriteThrough,
}

/// The file system of one simulated world.
pub struct Overlay {
    mode: FsMode,
    core: Arc<Core>,
    tree: Mutex<Tree>,
    changed: AtomicBool,
}

/// What a run has seen of the disk, for others that go on from where it stands.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    inodes: Arc<HashMap<PathBuf, u64>>,
    last_inode: u64,
    /// Files whose contents were looked at, in order, with their fingerprints.
    pub read: Arc<[(PathBuf, u64)]>,
}

#[derive(Default)]
struct Tree {
    /// What differs from the disk, by canonical path.
    nodes: BTreeMap<PathBuf, Node>,
    inodes: HashMap<PathBuf, u64>,
    last_inode: u64,
    /// Files of the disk whose contents were looked at, in order, with their fingerprints.
    read: Vec<(PathBuf, u64)>,
    /// What was seen before.
    seen: Option<Seen>,
}

/// A number that tells a file's contents from others' (FNV-1a, 64 bits: Fowler, Noll, Vo).
pub fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[derive(Clone)]
enum Node {
    File(Arc<MemFile>),
    /// `opaque`: nothing of the disk shows through.
    Dir {
        meta: Meta,
        opaque: bool,
    },
    Link {
        target: PathBuf,
        meta: Meta,
    },
    Gone,
}

#[derive(Clone, Copy)]
struct Meta {
    inode: u64,
    mode: u32,
    atime: i64,
    mtime: i64,
}

/// A file's contents, shared by its names and open handles.
struct MemFile {
    inner: Mutex<MemInner>,
}

struct MemInner {
    data: Vec<u8>,
    meta: Meta,
    names: u64,
}

/// What is at a canonical path.
enum Found {
    Missing,
    File,
    Dir,
    Link(PathBuf),
}

const fn error(errno: i32) -> OsError {
    OsError::new(errno)
}

// ---- looking ----

impl Tree {
    fn look(&self, path: &Path) -> OsResult<Found> {
        match self.nodes.get(path) {
            Some(Node::File(_)) => return Ok(Found::File),
            Some(Node::Dir { .. }) => return Ok(Found::Dir),
            Some(Node::Link { target, .. }) => return Ok(Found::Link(target.clone())),
            Some(Node::Gone) => return Ok(Found::Missing),
            None => {}
        }
        if self.hidden(path) {
            return Ok(Found::Missing);
        }
        if path == Path::new("/dev/null") {
            return Ok(Found::File);
        }
        match std::fs::symlink_metadata(path) {
            Ok(meta) if meta.is_dir() => Ok(Found::Dir),
            Ok(meta) if meta.is_symlink() => Ok(Found::Link(std::fs::read_link(path)?)),
            Ok(meta) if meta.is_file() => Ok(Found::File),
            Ok(_) => Ok(Found::Missing),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Found::Missing),
            Err(e) => Err(e.into()),
        }
    }

    /// Whether the disk does not show through at `path`, which is not in `nodes` itself.
    fn hidden(&self, path: &Path) -> bool {
        let special = ["/dev", "/proc", "/sys"].iter().any(|dir| path.starts_with(dir) && path != Path::new(dir));
        if special {
            return path != Path::new("/dev/null");
        }
        !self.nodes.is_empty() && path.ancestors().skip(1).any(|dir| !matches!(self.nodes.get(dir), None | Some(Node::Dir { opaque: false, .. })))
    }

    /// Follows links and dots. The last component may be missing; everything above it is a directory.
    fn resolve(&self, path: &Path, follow: bool) -> OsResult<(PathBuf, Found)> {
        if !path.is_absolute() {
            return Err(error(libc::ENOENT));
        }
        let mut todo = parts(path);
        let mut at = PathBuf::from("/");
        let mut found = Found::Dir;
        let mut links = 0;
        while let Some(part) = todo.pop() {
            match &found {
                Found::Dir => {}
                Found::Missing => return Err(error(libc::ENOENT)),
                _ => return Err(error(libc::ENOTDIR)),
            }
            if part == ".." {
                at.pop();
                continue;
            }
            if part.len() > MAX_NAME {
                return Err(error(libc::ENAMETOOLONG));
            }
            at.push(&part);
            found = self.look(&at)?;
            if let Found::Link(target) = &found
                && (!todo.is_empty() || follow)
            {
                links += 1;
                if links > MAX_LINKS {
                    return Err(error(libc::ELOOP));
                }
                at = match target.is_absolute() {
                    true => PathBuf::from("/"),
                    false => at.parent().map_or_else(PathBuf::new, Path::to_owned),
                };
                todo.extend(parts(target));
                found = Found::Dir;
            }
        }
        Ok((at, found))
    }

    /// The same, for something that must be there.
    fn existing(&self, path: &Path, follow: bool) -> OsResult<(PathBuf, Found)> {
        match self.resolve(path, follow)? {
            (_, Found::Missing) => Err(error(libc::ENOENT)),
            known => Ok(known),
        }
    }

    /// The same, for something that must not be there.
    fn vacant(&self, path: &Path) -> OsResult<PathBuf> {
        match self.resolve(path, false)? {
            (at, Found::Missing) => Ok(at),
            _ => Err(error(libc::EEXIST)),
        }
    }

    fn children(&self, dir: &Path) -> OsResult<BTreeMap<OsString, u32>> {
        let mut names = BTreeMap::new();
        let opaque = matches!(self.nodes.get(dir), Some(Node::Dir { opaque: true, .. }));
        let special = ["/dev", "/proc", "/sys"].iter().any(|d| dir == Path::new(d));
        if special {
            if dir == Path::new("/dev") {
                names.insert(OsString::from("null"), libc::S_IFREG);
            }
        } else if !opaque && (self.nodes.contains_key(dir) || !self.hidden(dir)) {
            match std::fs::read_dir(dir) {
                Ok(entries) => {
                    for entry in entries {
                        let entry = entry?;
                        let kind = entry.file_type()?;
                        if kind.is_dir() || kind.is_file() || kind.is_symlink() {
                            let bits = if kind.is_dir() {
                                libc::S_IFDIR
                            } else if kind.is_symlink() {
                                libc::S_IFLNK
                            } else {
                                libc::S_IFREG
                            };
                            names.insert(entry.file_name(), bits);
                        }
                    }
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(e.into()),
            }
        }
        for (path, node) in self.nodes.range(dir.to_owned()..).take_while(|(path, _)| path.starts_with(dir)) {
            let (Some(name), true) = (path.file_name(), path.parent() == Some(dir)) else {
                continue;
            };
            match node {
                Node::Gone => {
                    names.remove(name);
                }
                Node::File(_) => drop(names.insert(name.to_owned(), libc::S_IFREG)),
                Node::Dir { .. } => drop(names.insert(name.to_owned(), libc::S_IFDIR)),
                Node::Link { .. } => drop(names.insert(name.to_owned(), libc::S_IFLNK)),
            }
        }
        Ok(names)
    }

    fn inode(&mut self, path: &Path) -> u64 {
        let before = self.seen.as_ref().and_then(|seen| seen.inodes.get(path));
        if let Some(inode) = before.or_else(|| self.inodes.get(path)) {
            return *inode;
        }
        let inode = self.fresh_inode();
        self.inodes.insert(path.to_owned(), inode);
        inode
    }

    fn fresh_inode(&mut self) -> u64 {
        self.last_inode += 1;
        self.last_inode
    }

    // ---- changing ----

    /// The file at a canonical path, in memory from now on.
    fn adopt(&mut self, path: &Path) -> OsResult<Arc<MemFile>> {
        if let Some(Node::File(file)) = self.nodes.get(path) {
            return Ok(Arc::clone(file));
        }
        if path == Path::new("/dev/null") {
            let meta = Meta { inode: self.inode(path), mode: 0o666, atime: EPOCH_NS as i64, mtime: EPOCH_NS as i64 };
            return Ok(MemFile::new(Vec::new(), meta));
        }
        let on_disk = std::fs::metadata(path)?;
        if on_disk.len() > MAX_FILE {
            return Err(error(libc::EFBIG));
        }
        let data = std::fs::read(path)?;
        self.read.push((path.to_owned(), fingerprint(&data)));
        let meta = Meta { inode: self.inode(path), mode: plain_mode(&on_disk), atime: EPOCH_NS as i64, mtime: EPOCH_NS as i64 };
        let file = MemFile::new(data, meta);
        self.nodes.insert(path.to_owned(), Node::File(Arc::clone(&file)));
        Ok(file)
    }

    fn remove_name(&mut self, path: &Path) {
        if let Some(Node::File(file)) = self.nodes.get(path) {
            let mut inner = file.inner.lock();
            inner.names = inner.names.saturating_sub(1);
        }
        self.inodes.remove(path);
        // A mark is needed only where something of the disk would show again.
        self.nodes.remove(path);
        if !self.hidden(path) && std::fs::symlink_metadata(path).is_ok() {
            self.nodes.insert(path.to_owned(), Node::Gone);
        }
    }

    /// What is at a canonical path as a node of its own.
    fn node(&mut self, path: &Path, found: &Found) -> OsResult<Node> {
        let now = EPOCH_NS as i64;
        Ok(match (self.nodes.get(path), found) {
            (Some(node), _) => node.clone(),
            (None, Found::File) => Node::File(self.adopt(path)?),
            (None, Found::Link(target)) => {
                let meta = Meta { inode: self.inode(path), mode: 0o777, atime: now, mtime: now };
                Node::Link { target: target.clone(), meta }
            }
            (None, Found::Dir) => {
                let meta = Meta { inode: self.inode(path), mode: 0o755, atime: now, mtime: now };
                Node::Dir { meta, opaque: false }
            }
            (None, Found::Missing) => Node::Gone,
        })
    }

    /// Takes a subtree out of the tree; paths are relative to `top`.
    fn uproot(&mut self, top: &Path) -> OsResult<Vec<(PathBuf, Node)>> {
        let mut taken = Vec::new();
        let mut todo = vec![top.to_owned()];
        while let Some(path) = todo.pop() {
            let found = self.look(&path)?;
            let mut node = self.node(&path, &found)?;
            if let Node::Dir { opaque, .. } = &mut node {
                todo.extend(self.children(&path)?.into_keys().map(|name| path.join(name)));
                *opaque = true;
            }
            let relative = path.strip_prefix(top).map_or_else(|_| PathBuf::new(), Path::to_owned);
            taken.push((relative, node));
        }
        for (relative, _) in taken.iter().rev() {
            let path = join(top, relative);
            self.inodes.remove(&path);
            self.nodes.remove(&path);
        }
        if !self.hidden(top) && std::fs::symlink_metadata(top).is_ok() {
            self.nodes.insert(top.to_owned(), Node::Gone);
        }
        Ok(taken)
    }
}

fn join(top: &Path, relative: &Path) -> PathBuf {
    if relative.as_os_str().is_empty() { top.to_owned() } else { top.join(relative) }
}

/// A path's components, last first, without the root and single dots.
fn parts(path: &Path) -> Vec<OsString> {
    let named = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsString::from("..")),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    });
    let mut parts: Vec<OsString> = named.collect();
    parts.reverse();
    parts
}

fn plain_mode(on_disk: &std::fs::Metadata) -> u32 {
    if on_disk.permissions().mode() & 0o100 == 0 { 0o644 } else { 0o755 }
}

fn has_slash_end(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(b"/")
}

// ---- the calls ----

impl Overlay {
    /// `seen`: what an earlier part of the run has seen of the disk.
    pub fn new(mode: FsMode, core: Arc<Core>, seen: Option<&Seen>) -> Overlay {
        let tree = match seen {
            Some(seen) => Tree { last_inode: seen.last_inode, seen: Some(seen.clone()), ..Tree::default() },
            None => Tree::default(),
        };
        Overlay { mode, core, tree: Mutex::new(tree), changed: AtomicBool::new(false) }
    }

    /// What has been seen of the disk.
    pub fn seen(&self) -> Seen {
        let tree = self.tree.lock();
        Seen { inodes: Arc::new(tree.inodes.clone()), read: tree.read.clone().into(), last_inode: tree.last_inode }
    }

    /// Whether anything was, or may have been, changed.
    pub fn was_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed)
    }

    fn about_to_change(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }

    fn through(&self) -> bool {
        self.mode == FsMode::WriteThrough
    }

    fn now(&self) -> i64 {
        (EPOCH_NS + self.core.clock.load(Ordering::Relaxed)) as i64
    }

    fn fresh(&self, tree: &mut Tree, mode: u32) -> Meta {
        let now = self.now();
        Meta { inode: tree.fresh_inode(), mode: mode & 0o7777, atime: now, mtime: now }
    }

    /// What was read from the disk so far: paths in the order of their first sight, and the contents' fingerprints.
    pub fn read(&self) -> Vec<(PathBuf, u64)> {
        let tree = self.tree.lock();
        let mut all: Vec<_> = tree.seen.iter().flat_map(|seen| seen.read.iter().cloned()).collect();
        let again: Vec<_> = tree.read.iter().filter(|file| !all.contains(file)).cloned().collect();
        all.extend(again);
        all
    }

    pub fn open(&self, path: &Path, flags: i32, mode: u32) -> OsResult<Handle> {
        if flags & (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC) != libc::O_RDONLY {
            self.about_to_change();
        }
        if self.through() {
            return disk::open(None, path, flags, mode);
        }
        let has = |flag: i32| flags & flag != 0;
        let access = flags & libc::O_ACCMODE;
        let writes = access != libc::O_RDONLY;
        let tree = &mut *self.tree.lock();
        let exclusive = has(libc::O_CREAT) && has(libc::O_EXCL);
        let (at, found) = tree.resolve(path, !has(libc::O_NOFOLLOW) && !exclusive)?;
        let file = match found {
            Found::Missing if !has(libc::O_CREAT) => return Err(error(libc::ENOENT)),
            Found::Missing if has_slash_end(path) => return Err(error(libc::EISDIR)),
            Found::Missing => {
                let file = MemFile::new(Vec::new(), self.fresh(tree, mode));
                tree.nodes.insert(at, Node::File(Arc::clone(&file)));
                file
            }
            _ if exclusive => return Err(error(libc::EEXIST)),
            Found::Link(_) => return Err(error(libc::ELOOP)),
            Found::Dir if writes || has(libc::O_CREAT) => return Err(error(libc::EISDIR)),
            Found::Dir => {
                let stat = self.stat_found(tree, &at, &Found::Dir)?;
                return Ok(Arc::new(OpenDir { stat }));
            }
            Found::File if has(libc::O_DIRECTORY) || has_slash_end(path) => {
                return Err(error(libc::ENOTDIR));
            }
            Found::File => tree.adopt(&at)?,
        };
        if has(libc::O_TRUNC) && writes {
            let mut inner = file.inner.lock();
            inner.data.clear();
            inner.meta.mtime = self.now();
        }
        Ok(Arc::new(OpenFile {
            file,
            core: Arc::clone(&self.core),
            position: Mutex::new(0),
            reads: access != libc::O_WRONLY,
            writes,
            appends: has(libc::O_APPEND),
            discards: path == Path::new("/dev/null"),
        }))
    }

    pub fn stat(&self, path: &Path, follow: bool) -> OsResult<FileStat> {
        if self.through() {
            return disk::stat(path, follow);
        }
        let tree = &mut *self.tree.lock();
        let (at, found) = tree.existing(path, follow || has_slash_end(path))?;
        if has_slash_end(path) && !matches!(found, Found::Dir) {
            return Err(error(libc::ENOTDIR));
        }
        self.stat_found(tree, &at, &found)
    }

    fn stat_found(&self, tree: &mut Tree, at: &Path, found: &Found) -> OsResult<FileStat> {
        let (kind, meta, size, names) = match tree.nodes.get(at) {
            Some(Node::File(file)) => return Ok(file.stat()),
            Some(Node::Dir { meta, .. }) => (libc::S_IFDIR, *meta, 4096, 2),
            Some(Node::Link { target, meta }) => (libc::S_IFLNK, *meta, target.as_os_str().len() as u64, 1),
            Some(Node::Gone) => return Err(error(libc::ENOENT)),
            None => {
                let epoch = EPOCH_NS as i64;
                let meta = |inode, mode| Meta { inode, mode, atime: epoch, mtime: epoch };
                let inode = tree.inode(at);
                match found {
                    Found::Dir => (libc::S_IFDIR, meta(inode, 0o755), 4096, 2),
                    Found::Link(target) => (libc::S_IFLNK, meta(inode, 0o777), target.as_os_str().len() as u64, 1),
                    _ if at == Path::new("/dev/null") => (libc::S_IFREG, meta(inode, 0o666), 0, 1),
                    _ => {
                        let on_disk = std::fs::metadata(at)?;
                        (libc::S_IFREG, meta(inode, plain_mode(&on_disk)), on_disk.len(), 1)
                    }
                }
            }
        };
        Ok(make_stat(kind, meta, size, names))
    }

    pub fn listdir(&self, path: &Path) -> OsResult<Vec<DirEntry>> {
        let mut entries = if self.through() {
            disk::listdir(path)?
        } else {
            let tree = &mut *self.tree.lock();
            let (at, found) = tree.existing(path, true)?;
            if !matches!(found, Found::Dir) {
                return Err(error(libc::ENOTDIR));
            }
            let names = tree.children(&at)?;
            let entry = |(name, file_type): (OsString, u32)| {
                let child = at.join(&name);
                let ino = match tree.nodes.get(&child) {
                    Some(Node::File(file)) => file.inner.lock().meta.inode,
                    Some(Node::Dir { meta, .. } | Node::Link { meta, .. }) => meta.inode,
                    _ => tree.inode(&child),
                };
                DirEntry { name, file_type, ino }
            };
            names.into_iter().map(entry).collect()
        };
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    pub fn mkdir(&self, path: &Path, mode: u32) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::mkdir(path, mode);
        }
        let tree = &mut *self.tree.lock();
        let at = tree.vacant(path)?;
        let meta = self.fresh(tree, mode);
        tree.nodes.insert(at, Node::Dir { meta, opaque: true });
        Ok(())
    }

    pub fn rmdir(&self, path: &Path) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::rmdir(path);
        }
        let tree = &mut *self.tree.lock();
        let (at, found) = tree.existing(path, false)?;
        if !matches!(found, Found::Dir) {
            return Err(error(libc::ENOTDIR));
        }
        if !tree.children(&at)?.is_empty() {
            return Err(error(libc::ENOTEMPTY));
        }
        if at.parent().is_none() {
            return Err(error(libc::EBUSY));
        }
        tree.uproot(&at).map(drop)
    }

    pub fn unlink(&self, path: &Path) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::unlink(path);
        }
        let tree = &mut *self.tree.lock();
        let (at, found) = tree.existing(path, false)?;
        if matches!(found, Found::Dir) {
            return Err(error(libc::EISDIR));
        }
        tree.remove_name(&at);
        Ok(())
    }

    pub fn rename(&self, from: &Path, to: &Path) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::rename(from, to);
        }
        let tree = &mut *self.tree.lock();
        let (source, found) = tree.existing(from, false)?;
        let (target, there) = tree.resolve(to, false)?;
        if source == target {
            return Ok(());
        }
        match (&found, &there) {
            (Found::Dir, _) if target.starts_with(&source) => return Err(error(libc::EINVAL)),
            (_, Found::Missing) => {}
            (Found::Dir, Found::Dir) if !tree.children(&target)?.is_empty() => {
                return Err(error(libc::ENOTEMPTY));
            }
            (Found::Dir, Found::Dir) => {}
            (Found::Dir, _) => return Err(error(libc::ENOTDIR)),
            (_, Found::Dir) => return Err(error(libc::EISDIR)),
            _ => {}
        }
        let moved = tree.uproot(&source)?;
        if !matches!(there, Found::Missing) {
            if matches!(there, Found::Dir) { drop(tree.uproot(&target)?) } else { tree.remove_name(&target) }
        }
        for (relative, node) in moved {
            tree.nodes.insert(join(&target, &relative), node);
        }
        Ok(())
    }

    pub fn link(&self, original: &Path, link: &Path) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::link(original, link);
        }
        let tree = &mut *self.tree.lock();
        let (source, found) = tree.existing(original, false)?;
        let target = tree.vacant(link)?;
        if matches!(found, Found::Dir) {
            return Err(error(libc::EPERM));
        }
        let node = tree.node(&source, &found)?;
        if let Node::File(file) = &node {
            file.inner.lock().names += 1;
        }
        tree.nodes.insert(target, node);
        Ok(())
    }

    pub fn symlink(&self, target: &Path, link: &Path) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::symlink(target, link);
        }
        let tree = &mut *self.tree.lock();
        let at = tree.vacant(link)?;
        let meta = self.fresh(tree, 0o777);
        tree.nodes.insert(at, Node::Link { target: target.to_owned(), meta });
        Ok(())
    }

    pub fn readlink(&self, path: &Path) -> OsResult<PathBuf> {
        if self.through() {
            return disk::readlink(path);
        }
        match self.tree.lock().existing(path, false)? {
            (_, Found::Link(target)) => Ok(target),
            _ => Err(error(libc::EINVAL)),
        }
    }

    /// Changes what is noted about a path, link followed.
    fn with_meta(&self, path: &Path, change: impl FnOnce(&mut Meta)) -> OsResult<()> {
        let tree = &mut *self.tree.lock();
        let (at, found) = tree.existing(path, true)?;
        let mut node = tree.node(&at, &found)?;
        match &mut node {
            Node::File(file) => change(&mut file.inner.lock().meta),
            Node::Dir { meta, .. } | Node::Link { meta, .. } => change(meta),
            Node::Gone => return Err(error(libc::ENOENT)),
        }
        tree.nodes.insert(at, node);
        Ok(())
    }

    pub fn chmod(&self, path: &Path, mode: u32) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::chmod(path, mode);
        }
        self.with_meta(path, |meta| meta.mode = mode & 0o7777)
    }

    pub fn utime(&self, path: &Path, atime: i64, mtime: i64) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::utime(path, atime, mtime);
        }
        self.with_meta(path, |meta| (meta.atime, meta.mtime) = (atime, mtime))
    }

    pub fn truncate(&self, path: &Path, len: u64) -> OsResult<()> {
        self.about_to_change();
        if self.through() {
            return disk::truncate(path, len);
        }
        let file = {
            let tree = &mut *self.tree.lock();
            match tree.existing(path, true)? {
                (at, Found::File) => tree.adopt(&at)?,
                _ => return Err(error(libc::EISDIR)),
            }
        };
        file.set_len(len, self.now())
    }

    pub fn access(&self, path: &Path, mode: u32) -> OsResult<()> {
        if self.through() {
            return disk::access(path, mode);
        }
        let stat = self.stat(path, true)?;
        let wanted = mode & 7;
        if stat.mode >> 6 & wanted == wanted { Ok(()) } else { Err(error(libc::EACCES)) }
    }
}

// ---- files ----

fn make_stat(kind: u32, meta: Meta, size: u64, names: u64) -> FileStat {
    FileStat {
        dev: 1,
        ino: meta.inode,
        mode: kind | meta.mode,
        nlink: names,
        uid: OWNER,
        gid: OWNER,
        rdev: 0,
        size,
        blksize: 4096,
        blocks: size.div_ceil(512),
        atime: meta.atime,
        mtime: meta.mtime,
        ctime: meta.mtime,
    }
}

impl MemFile {
    fn new(data: Vec<u8>, meta: Meta) -> Arc<MemFile> {
        Arc::new(MemFile { inner: Mutex::new(MemInner { data, meta, names: 1 }) })
    }

    fn stat(&self) -> FileStat {
        let inner = self.inner.lock();
        make_stat(libc::S_IFREG, inner.meta, inner.data.len() as u64, inner.names)
    }

    fn read(&self, buf: &mut [u8], offset: u64) -> usize {
        let inner = self.inner.lock();
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(inner.data.len());
        let n = buf.len().min(inner.data.len() - from);
        buf[..n].copy_from_slice(&inner.data[from..from + n]);
        n
    }

    fn write(&self, data: &[u8], offset: u64, now: i64) -> OsResult<usize> {
        let end = offset.checked_add(data.len() as u64).ok_or(error(libc::EFBIG))?;
        let mut inner = self.inner.lock();
        if end > inner.data.len() as u64 && !data.is_empty() {
            inner.resize(end)?;
        }
        let from = (offset as usize).min(inner.data.len());
        inner.data[from..from + data.len()].copy_from_slice(data);
        inner.meta.mtime = now;
        Ok(data.len())
    }

    fn set_len(&self, len: u64, now: i64) -> OsResult<()> {
        let mut inner = self.inner.lock();
        inner.resize(len)?;
        inner.meta.mtime = now;
        Ok(())
    }
}

impl MemInner {
    fn resize(&mut self, len: u64) -> OsResult<()> {
        if len > MAX_FILE {
            return Err(error(libc::EFBIG));
        }
        let more = (len as usize).saturating_sub(self.data.len());
        self.data.try_reserve(more).map_err(|_| error(libc::ENOSPC))?;
        self.data.resize(len as usize, 0);
        Ok(())
    }
}

struct OpenFile {
    file: Arc<MemFile>,
    core: Arc<Core>,
    position: Mutex<u64>,
    reads: bool,
    writes: bool,
    appends: bool,
    discards: bool,
}

impl OpenFile {
    fn now(&self) -> i64 {
        (EPOCH_NS + self.core.clock.load(Ordering::Relaxed)) as i64
    }

    fn must(&self, may: bool) -> OsResult<()> {
        if may { Ok(()) } else { Err(error(libc::EBADF)) }
    }
}

impl File for OpenFile {
    fn read(&self, _me: Tid, buf: &mut [u8]) -> OsResult<usize> {
        self.must(self.reads)?;
        let mut position = self.position.lock();
        let n = self.file.read(buf, *position);
        *position += n as u64;
        Ok(n)
    }

    fn write(&self, _me: Tid, data: &[u8]) -> OsResult<usize> {
        self.must(self.writes)?;
        if self.discards {
            return Ok(data.len());
        }
        let mut position = self.position.lock();
        if self.appends {
            *position = self.file.inner.lock().data.len() as u64;
        }
        let n = self.file.write(data, *position, self.now())?;
        *position += n as u64;
        Ok(n)
    }

    fn pread(&self, buf: &mut [u8], offset: u64) -> OsResult<usize> {
        self.must(self.reads)?;
        Ok(self.file.read(buf, offset))
    }

    fn pwrite(&self, data: &[u8], offset: u64) -> OsResult<usize> {
        self.must(self.writes)?;
        self.file.write(data, offset, self.now())
    }

    fn seek(&self, offset: i64, whence: Whence) -> OsResult<u64> {
        let mut position = self.position.lock();
        let base = match whence {
            Whence::Start => 0,
            Whence::Current => *position,
            Whence::End => self.file.inner.lock().data.len() as u64,
        };
        let to = base.checked_add_signed(offset).filter(|to| *to <= i64::MAX as u64);
        *position = to.ok_or(error(libc::EINVAL))?;
        Ok(*position)
    }

    fn truncate(&self, len: u64) -> OsResult<()> {
        if !self.writes {
            return Err(error(libc::EINVAL));
        }
        self.file.set_len(len, self.now())
    }

    fn sync(&self) -> OsResult<()> {
        Ok(())
    }

    fn stat(&self) -> OsResult<FileStat> {
        Ok(self.file.stat())
    }

    fn set_blocking(&self, _blocking: bool) -> OsResult<()> {
        Ok(())
    }

    fn blocking(&self) -> bool {
        true
    }

    fn pollable(&self) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A directory opened as a file.
struct OpenDir {
    stat: FileStat,
}

impl File for OpenDir {
    fn read(&self, _me: Tid, _buf: &mut [u8]) -> OsResult<usize> {
        Err(error(libc::EISDIR))
    }

    fn write(&self, _me: Tid, _data: &[u8]) -> OsResult<usize> {
        Err(error(libc::EBADF))
    }

    fn pread(&self, _buf: &mut [u8], _offset: u64) -> OsResult<usize> {
        Err(error(libc::EISDIR))
    }

    fn pwrite(&self, _data: &[u8], _offset: u64) -> OsResult<usize> {
        Err(error(libc::EBADF))
    }

    fn seek(&self, _offset: i64, _whence: Whence) -> OsResult<u64> {
        Ok(0)
    }

    fn truncate(&self, _len: u64) -> OsResult<()> {
        Err(error(libc::EINVAL))
    }

    fn sync(&self) -> OsResult<()> {
        Ok(())
    }

    fn stat(&self) -> OsResult<FileStat> {
        Ok(self.stat)
    }

    fn set_blocking(&self, _blocking: bool) -> OsResult<()> {
        Ok(())
    }

    fn blocking(&self) -> bool {
        true
    }

    fn pollable(&self) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
