//! `open`, `open_code`, `text_encoding` (`Modules/_io/_iomodule.c`).

use super::base::str_bytes;
use super::text::{self, Config};
use super::{BUFFER_SIZE, IoType, buffered, class, file_io};
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)", open)
        .doc("Open file and return a stream.  Raise OSError upon failure."),
    function("open_code(path)", open_code).doc("Opens the provided file with the intent to import the contents."),
    function("text_encoding(encoding, stacklevel=2, /)", text_encoding).doc("A helper function to choose the text encoding."),
];

/// What a mode string asks for.
#[derive(Default)]
struct Mode {
    /// The letters for FileIO.
    raw: String,
    reading: bool,
    updating: bool,
    binary: bool,
}

fn parse_mode(vm: &mut Vm, mode: &str) -> PyResult<Mode> {
    let mut m = Mode::default();
    let (mut main, mut text, mut seen) = (0, false, 0u32);
    for c in mode.chars() {
        let Some(bit) = "xrwa+tb".find(c).filter(|i| seen & 1 << i == 0) else {
            return Err(vm.value_error(format!("invalid mode: '{mode}'")));
        };
        seen |= 1 << bit;
        match c {
            '+' => m.updating = true,
            't' => text = true,
            'b' => m.binary = true,
            _ => {
                main += 1;
                m.reading = c == 'r';
                m.raw.insert(0, c);
            }
        }
    }
    if m.updating {
        m.raw.push('+');
    }
    if text && m.binary {
        return Err(vm.value_error("can't have text and binary mode at once"));
    }
    // none at all is FileIO's to complain about
    if main > 1 {
        return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
    }
    Ok(m)
}

/// Arguments of `open` that only make sense for text.
fn check_binary(vm: &mut Vm, encoding: &Value, errors: &Value, newline: &Value) -> PyResult<()> {
    for (v, what) in [(encoding, "an encoding"), (errors, "an errors"), (newline, "a newline")] {
        if !v.is_none() {
            return Err(vm.value_error(format!("binary mode doesn't take {what} argument")));
        }
    }
    Ok(())
}

fn opt_str(vm: &mut Vm, v: &Value, name: &str) -> PyResult<()> {
    if v.is_none() || v.is_a::<Str>() {
        return Ok(());
    }
    let got = vm.type_name(v);
    Err(vm.type_error(format!("open() argument '{name}' must be str or None, not {got}")))
}

fn open(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [file, mode, buffering, encoding, errors, newline, closefd, opener] = args else { return Err(vm.type_error("open() takes 8 arguments")) };
    let Some(mode_text) = mode.get::<Str>().map(|s| s.lossy().into_owned()) else {
        let got = vm.type_name(mode);
        return Err(vm.type_error(format!("open() argument 'mode' must be str, not {got}")));
    };
    let mut buffering = vm.arg_int(buffering)?;
    for (v, name) in [(encoding, "encoding"), (errors, "errors"), (newline, "newline")] {
        opt_str(vm, v, name)?;
    }
    let path = if gilbert_vm::builtins::is_int(file) || file.is_float() { file.clone() } else { vm.fspath(file)? };
    let m = parse_mode(vm, &mode_text)?;
    if m.binary {
        check_binary(vm, encoding, errors, newline)?;
        if buffering == 1 {
            let category = vm.exc_type(gilbert_vm::error::Exc::RuntimeWarning).clone();
            vm.warn(&category, "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used")?;
            buffering = -1;
        }
    }
    let raw_type = class(vm, &file_io::FILE_IO);
    let raw_mode = vm.intern(&m.raw);
    let raw = vm.call(&raw_type, &[path, raw_mode, closefd.clone(), opener.clone()])?;
    match finish(vm, &raw, &m, buffering, [mode, encoding, errors, newline]) {
        Ok(v) => Ok(v),
        Err(e) => Err(close_after(vm, &raw, e)),
    }
}

/// Opening has failed halfway: the file is closed again.
fn close_after(vm: &mut Vm, raw: &Value, e: Raised) -> Raised {
    if !e.is_killed()
        && let Err(second) = file_io::close_native(vm, raw)
        && second.is_killed()
    {
        return second;
    }
    e
}

/// Puts the buffer and the text layer upon a raw stream.
fn finish(vm: &mut Vm, raw: &Value, m: &Mode, buffering: i32, [mode, encoding, errors, newline]: [&Value; 4]) -> PyResult {
    let terminal = buffering < 0 && file_io::is_terminal(vm, raw)?;
    let line_buffering = buffering == 1 || terminal;
    let size = match buffering {
        0 if m.binary => return Ok(raw.clone()),
        0 => return Err(vm.value_error("can't have unbuffered text I/O")),
        n if n < 0 || line_buffering => file_io::block_size(vm, raw),
        n => n as usize,
    };
    let kind: &'static IoType = match (m.updating, m.reading) {
        (true, _) => &buffered::RANDOM,
        (false, true) => &buffered::READER,
        (false, false) => &buffered::WRITER,
    };
    if m.updating {
        super::base::check_able(vm, raw, "seekable")?;
    }
    let buffer = buffered::make(vm, kind, raw, size.max(1));
    if m.binary {
        return Ok(buffer);
    }
    let config = Config { line_buffering, ..Config::parse(vm, encoding, errors, newline)? };
    let wrapper = text::make(vm, &buffer, config)?;
    let key = vm.intern("mode");
    vm.put_attr(&wrapper, &key, mode.clone());
    Ok(wrapper)
}

fn open_code(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[0].is_a::<Str>() && !args[0].is_a::<Bytes>() {
        return Err(vm.must_be_str("open_code() argument 'path'", &args[0]));
    }
    let (mode, none) = (vm.intern("rb"), Value::NONE);
    open(vm, &[args[0].clone(), mode, Value::i32(-1), none.clone(), none.clone(), none.clone(), Value::TRUE, none])
}

fn text_encoding(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(if args[0].is_none() { vm.intern("locale") } else { args[0].clone() })
}

/// The encoding that `None` and "locale" mean.
pub fn locale_encoding(v: &Value) -> bool {
    v.is_none() || str_bytes(v) == b"locale"
}

/// The size of standard streams' buffers, in bytes.
pub const STDIO_BUFFER: usize = BUFFER_SIZE;
