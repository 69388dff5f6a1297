//! `FileIO`: a raw stream upon a descriptor (`Modules/_io/fileio.c`). Every call into the OS releases the GIL.

use super::base::{RAW_IO_BASE, base_close};
use super::{BUFFER_SIZE, IoType, no_pickle, size_arg, unsupported};
use crate::posix::fds;
use crate::posix::paths::{os_call, path_arg};
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::Part;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Handle, OsError, Whence};

/// The payload of `FileIO`.
#[derive(Clone)]
pub struct FileIo {
    /// The descriptor; negative when closed.
    fd: i32,
    readable: bool,
    writable: bool,
    created: bool,
    appending: bool,
    closefd: bool,
    /// What `seekable` found out.
    seekable: Option<bool>,
    /// What the file system recommends as the size of a buffer, in bytes.
    block: usize,
    /// A regular file.
    regular: bool,
    /// An instance of a class written in Python, whose `close` is its own.
    derived: bool,
}

impl Payload for FileIo {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const FINALIZER_RANK: u8 = 2;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> FileIo {
        self.clone()
    }
    fn wants_finalizer(&self) -> bool {
        self.derived || (self.fd >= 0 && self.closefd)
    }
}

/// No single read or write is longer than this.
const MOST: usize = 0x7fff_f000;

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a FileIo {
    v.borrow::<FileIo>(vm).expect("a FileIO")
}

fn closed_error(vm: &mut Vm) -> Raised {
    vm.value_error("I/O operation on closed file")
}

/// Whether the descriptor was given up.
pub fn is_closed(vm: &Vm, v: &Value) -> bool {
    this(vm, v).fd < 0
}

/// The descriptor; negative when closed.
pub fn descriptor(vm: &Vm, v: &Value) -> i32 {
    this(vm, v).fd
}

/// Whether the object is a FileIO that closes its descriptor.
pub fn owns_descriptor(vm: &Vm, v: &Value) -> bool {
    v.borrow::<FileIo>(vm).is_some_and(|file| file.fd >= 0 && file.closefd)
}

/// The buffer size that the file system recommends, in bytes.
pub fn block_size(vm: &Vm, v: &Value) -> usize {
    this(vm, v).block
}

fn handle(vm: &mut Vm, v: &Value) -> PyResult<Handle> {
    vm.touch_read(v, Part::Whole);
    let fd = this(vm, v).fd;
    if fd < 0 {
        return Err(closed_error(vm));
    }
    match vm.iso().process.fd(fd) {
        Some(d) => Ok(d.file),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

fn handle_to_read(vm: &mut Vm, v: &Value) -> PyResult<Handle> {
    let file = this(vm, v);
    if file.fd >= 0 && !file.readable {
        return Err(unsupported(vm, "File not open for reading"));
    }
    handle(vm, v)
}

fn handle_to_write(vm: &mut Vm, v: &Value) -> PyResult<Handle> {
    let file = this(vm, v);
    if file.fd >= 0 && !file.writable {
        return Err(unsupported(vm, "File not open for writing"));
    }
    handle(vm, v)
}

// --- what buffered streams call --------------------------------------------------------------------------------------

/// One `read` of at most `n` bytes; `None` where it would block.
pub fn read_some(vm: &mut Vm, v: &Value, n: usize) -> PyResult<Option<Vec<u8>>> {
    let file = handle_to_read(vm, v)?;
    match fds::read_some(vm, &file, n.min(MOST))? {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.errno == libc::EAGAIN => Ok(None),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

/// Reads to the end; `None` where the first read would block.
pub fn read_to_end(vm: &mut Vm, v: &Value) -> PyResult<Option<Vec<u8>>> {
    let file = handle_to_read(vm, v)?;
    // how much is left, where the file says so
    let left = match os_call(vm, |_, _| Ok((file.stat()?.size, file.seek(0, Whence::Current)?)))? {
        Ok((size, at)) if size > at => (size - at) as usize,
        _ => 0,
    };
    let mut all: Vec<u8> = Vec::new();
    loop {
        let room = if all.len() < left + 1 { left + 1 - all.len() } else { BUFFER_SIZE.max(all.len()) };
        if all.try_reserve(room).is_err() {
            return Err(vm.memory_error());
        }
        let at = all.len();
        all.resize(at + room.min(MOST), 0);
        let got = os_call(vm, |_, me| file.read(me, &mut all[at..]))?;
        match got {
            Ok(n) => {
                all.truncate(at + n);
                if n == 0 {
                    return Ok(Some(all));
                }
            }
            Err(e) => {
                all.truncate(at);
                return match e.errno {
                    libc::EAGAIN if all.is_empty() => Ok(None),
                    libc::EAGAIN => Ok(Some(all)),
                    _ => Err(vm.os_error(e, None)),
                };
            }
        }
    }
}

/// One `write`; says how much was taken, `None` where it would block.
pub fn write_some(vm: &mut Vm, v: &Value, data: &[u8]) -> PyResult<Option<usize>> {
    let file = handle_to_write(vm, v)?;
    let fd = this(vm, v).fd;
    let data = &data[..vm.may_write(fd, data.len().min(MOST))?];
    match os_call(vm, |_, me| file.write(me, data))? {
        Ok(n) => Ok(Some(n)),
        Err(e) if e.errno == libc::EAGAIN => Ok(None),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

/// The position.
pub fn position(vm: &mut Vm, v: &Value) -> PyResult<i64> {
    move_to(vm, v, 0, 1)
}

/// Moves the position and gives it.
pub fn move_to(vm: &mut Vm, v: &Value, offset: i64, whence: i32) -> PyResult<i64> {
    let file = handle(vm, v)?;
    let whence = match whence {
        0 => Whence::Start,
        1 => Whence::Current,
        2 => Whence::End,
        _ => return Err(vm.os_error(OsError::new(libc::EINVAL), None)),
    };
    match os_call(vm, |_, _| file.seek(offset, whence))? {
        Ok(at) => Ok(at as i64),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

/// Whether the file has a position; found out once.
pub fn is_seekable(vm: &mut Vm, v: &Value) -> PyResult<bool> {
    if is_closed(vm, v) {
        return Err(closed_error(vm));
    }
    if let Some(known) = this(vm, v).seekable {
        return Ok(known);
    }
    let file = handle(vm, v)?;
    let able = os_call(vm, |_, _| file.seek(0, Whence::Current))?.is_ok();
    if let Some(f) = v.borrow_mut::<FileIo>(vm) {
        f.seekable = Some(able);
    }
    Ok(able)
}

/// Whether the file is a terminal; a regular file is known not to be one.
pub fn is_terminal(vm: &mut Vm, v: &Value) -> PyResult<bool> {
    let file = handle(vm, v)?;
    if this(vm, v).regular {
        return Ok(false);
    }
    Ok(os_call(vm, |_, _| Ok(file.isatty()))?.unwrap_or(false))
}

/// Gives the descriptor up, and closes it if it is the stream's own.
pub fn close_native(vm: &mut Vm, v: &Value) -> PyResult<()> {
    vm.touch_write(v, Part::Whole);
    let Some(f) = v.borrow_mut::<FileIo>(vm) else { return Ok(()) };
    let fd = std::mem::replace(&mut f.fd, -1);
    if fd < 0 || !f.closefd {
        return Ok(());
    }
    let Some(d) = vm.iso_mut().process.close(fd) else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
    // the last handle's close is a call into the OS
    let mut last = Some(d);
    os_call(vm, |_, _| {
        drop(last.take());
        Ok(())
    })?
    .ok();
    Ok(())
}

/// A FileIO upon a descriptor that is open already and stays so when the stream is closed.
pub fn of_descriptor(vm: &mut Vm, fd: i32, name: &str, writable: bool) -> Value {
    // asked now, while there is no other thread to give the GIL to
    let seekable = vm.iso().process.fd(fd).map(|d| d.file.seek(0, Whence::Current).is_ok());
    let file = FileIo { fd, readable: !writable, writable, closefd: false, seekable, ..blank(false) };
    let ty = super::class(vm, &FILE_IO);
    let v = vm.new_of(&ty, file);
    let (key, name) = (vm.intern("name"), vm.intern(name));
    vm.put_attr(&v, &key, name);
    v
}

// --- opening ---------------------------------------------------------------------------------------------------------

fn blank(derived: bool) -> FileIo {
    FileIo {
        fd: -1,
        readable: false,
        writable: false,
        created: false,
        appending: false,
        closefd: true,
        seekable: None,
        block: BUFFER_SIZE,
        regular: false,
        derived,
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let native = super::class(vm, &FILE_IO);
    Ok(vm.new_of(&args[0], blank(!args[0].is(&native))))
}

/// What a mode asks for, and the flags of the `open` call.
fn parse_mode(vm: &mut Vm, mode: &str, derived: bool) -> PyResult<(FileIo, i32)> {
    const ONE: &str = "Must have exactly one of create/read/write/append mode and at most one plus";
    let mut file = blank(derived);
    let (mut flags, mut main, mut plus) = (libc::O_CLOEXEC, None, false);
    for c in mode.chars() {
        match c {
            'x' | 'r' | 'w' | 'a' => {
                if main.replace(c).is_some() {
                    return Err(vm.value_error(ONE));
                }
            }
            'b' => {}
            '+' if !plus => plus = true,
            '+' => return Err(vm.value_error(ONE)),
            _ => return Err(vm.value_error(format!("invalid mode: {mode}"))),
        }
    }
    match main {
        Some('r') => file.readable = true,
        Some(c) => {
            file.writable = true;
            flags |= libc::O_CREAT;
            file.created = c == 'x';
            file.appending = c == 'a';
            flags |= [('x', libc::O_EXCL), ('w', libc::O_TRUNC), ('a', libc::O_APPEND)].iter().find(|(m, _)| *m == c).map_or(0, |(_, f)| *f);
        }
        None => return Err(vm.value_error(ONE)),
    }
    if plus {
        (file.readable, file.writable) = (true, true);
    }
    flags |= match (file.readable, file.writable) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    Ok((file, flags))
}

/// A descriptor given instead of a name.
fn given_fd(vm: &mut Vm, v: &Value) -> PyResult<Option<i32>> {
    if !gilbert_vm::builtins::is_int(v) {
        return Ok(None);
    }
    let Ok(fd) = vm.arg_int(v) else { return Err(vm.type_error("expected str, bytes or os.PathLike object, not int")) };
    if fd < 0 { Err(vm.value_error("negative file descriptor")) } else { Ok(Some(fd)) }
}

fn open_with(vm: &mut Vm, opener: &Value, name: &Value, flags: i32) -> PyResult<i32> {
    let fd = vm.call(opener, &[name.clone(), Value::i32(flags)])?;
    if !gilbert_vm::builtins::is_int(&fd) {
        return Err(vm.type_error("expected integer from opener"));
    }
    let fd = vm.arg_int(&fd)?;
    if fd < 0 { Err(vm.value_error(format!("opener returned {fd}"))) } else { Ok(fd) }
}

fn open_name(vm: &mut Vm, name: &Value, flags: i32) -> PyResult<i32> {
    let arg = path_arg(vm, name)?;
    vm.may_use_files(&arg.shown)?;
    let mode = 0o666 & !vm.iso().process.umask;
    match os_call(vm, |w, me| w.open(me, &arg.path, flags, mode))? {
        Ok(file) => fds::enter(vm, file, flags),
        Err(e) => Err(vm.os_error(e, Some(name))),
    }
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (v, name, opener) = (&args[0], &args[1], &args[4]);
    close_native(vm, v)?;
    let derived = this(vm, v).derived;
    let closefd = vm.truthy(&args[3])?;
    let fd = given_fd(vm, name)?;
    let mode = match args[2].get::<Str>() {
        Some(s) => s.lossy().into_owned(),
        None => return Err(vm.must_be_str("FileIO() argument 'mode'", &args[2])),
    };
    let (mut file, flags) = parse_mode(vm, &mode, derived)?;
    file.closefd = closefd;
    let own = fd.is_none();
    file.fd = match fd {
        Some(fd) => fd,
        None if !closefd => return Err(vm.value_error("Cannot use closefd=False with file name")),
        None if opener.is_none() => open_name(vm, name, flags)?,
        None => open_with(vm, opener, name, flags)?,
    };
    if let Err(e) = inspect(vm, &mut file, name) {
        // a descriptor that was given stays open
        if own {
            vm.iso_mut().process.close(file.fd);
        }
        return Err(e);
    }
    let (fd, appending) = (file.fd, file.appending);
    vm.touch_write(v, Part::Whole);
    if let Some(f) = v.borrow_mut::<FileIo>(vm) {
        *f = file;
    }
    let key = vm.intern("name");
    vm.set_attr(v, &key, name.clone())?;
    if appending && let Some(d) = vm.iso().process.fd(fd) {
        let file = d.file.clone();
        os_call(vm, |_, _| file.seek(0, Whence::End))?.ok();
    }
    Ok(Value::NONE)
}

/// Refuses directories, and learns the block size.
fn inspect(vm: &mut Vm, file: &mut FileIo, name: &Value) -> PyResult<()> {
    let Some(h) = vm.iso().process.fd(file.fd).map(|d| d.file) else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
    match os_call(vm, |_, _| h.stat())? {
        Ok(s) if s.is_dir() => Err(vm.os_error(OsError::new(libc::EISDIR), Some(name))),
        Ok(s) => {
            file.regular = s.is_file();
            if s.blksize > 1 {
                file.block = (s.blksize as usize).min(1 << 24);
            }
            Ok(())
        }
        Err(e) if e.errno == libc::EBADF => Err(vm.os_error(e, None)),
        Err(_) => Ok(()),
    }
}

// --- methods -----------------------------------------------------------------------------------------------------------

fn opt_bytes(vm: &mut Vm, bytes: Option<Vec<u8>>) -> PyResult {
    Ok(bytes.map_or(Value::NONE, |b| vm.new_bytes(b)))
}

fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    handle_to_read(vm, &args[0])?;
    match size_arg(vm, &args[1])? {
        None => readall(vm, args),
        Some(n) => {
            let bytes = read_some(vm, &args[0], n)?;
            opt_bytes(vm, bytes)
        }
    }
}

fn readall(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = read_to_end(vm, &args[0])?;
    opt_bytes(vm, bytes)
}

fn readinto(vm: &mut Vm, args: &[Value]) -> PyResult {
    handle_to_read(vm, &args[0])?;
    let room = super::room(vm, &args[1], "readinto")?;
    match read_some(vm, &args[0], room)? {
        Some(bytes) => {
            super::base::copy_into(vm, &args[1], &bytes)?;
            Ok(Value::small_wrap(bytes.len() as i64))
        }
        None => Ok(Value::NONE),
    }
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    handle_to_write(vm, &args[0])?;
    let wrote = match args[1].get::<Bytes>() {
        Some(b) => write_some(vm, &args[0], b.bytes())?,
        None => {
            let data = vm.buffer_bytes(&args[1])?;
            write_some(vm, &args[0], &data)?
        }
    };
    Ok(wrote.map_or(Value::NONE, |n| Value::small_wrap(n as i64)))
}

fn seek(vm: &mut Vm, args: &[Value]) -> PyResult {
    handle(vm, &args[0])?;
    let (offset, whence) = (vm.to_i64(&args[1])?, vm.arg_int(&args[2])?);
    let at = move_to(vm, &args[0], offset, whence)?;
    Ok(vm.new_int(at))
}

fn tell(vm: &mut Vm, args: &[Value]) -> PyResult {
    let at = position(vm, &args[0])?;
    Ok(vm.new_int(at))
}

fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle_to_write(vm, &args[0])?;
    let size = match args[1].is_none() {
        true => position(vm, &args[0])?,
        false => vm.to_i64(&args[1])?,
    };
    let done = match u64::try_from(size) {
        Ok(n) => os_call(vm, |_, _| file.truncate(n))?,
        Err(_) => Err(OsError::new(libc::EINVAL)),
    };
    match done {
        Ok(()) => Ok(vm.new_int(size)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let flushed = base_close(vm, &args[..1]);
    let closed = close_native(vm, &args[0]);
    super::chain(vm, flushed.map(drop), closed)?;
    Ok(Value::NONE)
}

fn able(vm: &mut Vm, v: &Value, f: fn(&FileIo) -> bool) -> PyResult {
    if is_closed(vm, v) { Err(closed_error(vm)) } else { Ok(Value::bool(f(this(vm, v)))) }
}

fn fileno(vm: &mut Vm, args: &[Value]) -> PyResult {
    match this(vm, &args[0]).fd {
        fd if fd < 0 => Err(closed_error(vm)),
        fd => Ok(Value::i32(fd)),
    }
}

/// `FileIO.mode`
fn mode_text(f: &FileIo) -> &'static str {
    match (f.created, f.appending, f.readable, f.writable) {
        (true, _, true, _) => "xb+",
        (true, _, false, _) => "xb",
        (_, true, true, _) => "ab+",
        (_, true, false, _) => "ab",
        (_, _, true, true) => "rb+",
        (_, _, true, false) => "rb",
        _ => "wb",
    }
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = vm.type_name(&args[0]);
    let f = this(vm, &args[0]).clone();
    if f.fd < 0 {
        return Ok(vm.new_str(format!("<{ty} [closed]>")));
    }
    let closefd = if f.closefd { "True" } else { "False" };
    let what = match vm.attr_opt(&args[0], "name")? {
        Some(name) => format!("name={}", vm.repr_text(&name)?),
        None => format!("fd={}", f.fd),
    };
    Ok(vm.new_str(format!("<{ty} {what} mode='{}' closefd={closefd}>", mode_text(&f))))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__init__(self, file, mode='r', closefd=True, opener=None)", init),
    method("read(self, size=-1, /)", read).doc("Read at most size bytes, returned as bytes."),
    method("readall(self, /)", readall).doc("Read all data from the file, returned as bytes."),
    method("readinto(self, buffer, /)", readinto).doc("Same as RawIOBase.readinto()."),
    method("write(self, b, /)", write).doc("Write buffer b to file, return number of bytes written."),
    method("seek(self, pos, whence=0, /)", seek).doc("Move to new file position and return it."),
    method("tell(self, /)", tell).doc("Current file position."),
    method("truncate(self, size=None, /)", truncate).doc("Truncate the file to at most size bytes and return the truncated size."),
    method("close(self, /)", close).doc("Close the file."),
    method("seekable(self, /)", |vm, a| is_seekable(vm, &a[0]).map(Value::bool)),
    method("readable(self, /)", |vm, a| able(vm, &a[0], |f| f.readable)),
    method("writable(self, /)", |vm, a| able(vm, &a[0], |f| f.writable)),
    method("fileno(self, /)", fileno).doc("Return the underlying file descriptor (an integer)."),
    method("isatty(self, /)", |vm, a| is_terminal(vm, &a[0]).map(Value::bool)),
    method("__repr__(self, /)", repr),
    method("__getstate__(self, /)", no_pickle),
    method("__reduce__(self, /)", no_pickle),
    method("__reduce_ex__(self, protocol, /)", no_pickle),
];

/// `_io.FileIO`
pub static FILE_IO: IoType = IoType {
    def: TypeDef::new("_io.FileIO", attr_layout::<FileIo>()).flags(flags::BASE).doc("Open a file.").methods(METHODS).getset(&[
        getter("closed", |vm, v| Ok(Value::bool(is_closed(vm, v)))),
        getter("closefd", |vm, v| Ok(Value::bool(this(vm, v).closefd))),
        getter("mode", |vm, v| {
            let mode = mode_text(this(vm, v));
            Ok(vm.intern(mode))
        }),
        getter("_blksize", |vm, v| Ok(Value::small_wrap(this(vm, v).block as i64))),
    ]),
    base: Some(&RAW_IO_BASE),
};
