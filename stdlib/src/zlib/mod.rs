//! `zlib`: compression and checksums (`Modules/zlibmodule.c`). What is compressed here differs from C zlib's output in its bytes, not in
//! what it decompresses to.

mod codec;
mod objects;
mod wrap;

use crate::binascii::{crc32, mask_arg};
use crate::exceptions::ExcDef;
use codec::{Fault, Packer, Unpacker};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use wrap::Wrap;

static ERROR: ExcDef = ExcDef { full_name: "zlib.error", base: Exc::Exception };

const FUNCTIONS: &[NativeDef] = &[
    function("adler32(data, value=1, /)", adler32).doc("Compute an Adler-32 checksum of data."),
    function("crc32(data, value=0, /)", crc32).doc("Compute a CRC-32 checksum of data."),
    function("compress(data, /, level=-1, wbits=15)", compress).doc("Returns a bytes object containing compressed data."),
    function("decompress(data, /, wbits=15, bufsize=16384)", decompress).doc("Returns a bytes object containing the uncompressed data."),
    function("compressobj(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=NULL)", objects::compressobj).doc("Return a compressor object."),
    function("decompressobj(wbits=15, zdict=NULL)", objects::decompressobj).doc("Return a decompressor object."),
];

const CONSTANTS: &[(&str, i32)] = &[
    ("MAX_WBITS", 15),
    ("DEFLATED", 8),
    ("DEF_MEM_LEVEL", 8),
    ("DEF_BUF_SIZE", 16384),
    ("Z_NO_COMPRESSION", 0),
    ("Z_BEST_SPEED", 1),
    ("Z_BEST_COMPRESSION", 9),
    ("Z_DEFAULT_COMPRESSION", -1),
    ("Z_FILTERED", 1),
    ("Z_HUFFMAN_ONLY", 2),
    ("Z_RLE", 3),
    ("Z_FIXED", 4),
    ("Z_DEFAULT_STRATEGY", 0),
    ("Z_NO_FLUSH", 0),
    ("Z_PARTIAL_FLUSH", 1),
    ("Z_SYNC_FLUSH", 2),
    ("Z_FULL_FLUSH", 3),
    ("Z_FINISH", 4),
    ("Z_BLOCK", 5),
    ("Z_TREES", 6),
];

/// The version of C zlib whose behaviour this follows.
const VERSION: &str = "1.3.1";

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("zlib", "The functions in this module allow compression and decompression using zlib's format, based on GNU zip.", FUNCTIONS);
    for (name, value) in CONSTANTS {
        vm.module_set(&m, name, Value::i32(*value));
    }
    for (name, text) in [("ZLIB_VERSION", VERSION), ("ZLIB_RUNTIME_VERSION", VERSION), ("__version__", "1.0")] {
        let text = vm.new_str(text);
        vm.module_set(&m, name, text);
    }
    vm.module_add_type(&m, &objects::ZLIB_DECOMPRESSOR);
    let error = ERROR.class(vm)?;
    vm.module_set(&m, "error", error);
    Ok(m)
}

/// The Python exception of a fault.
fn raise(vm: &mut Vm, fault: Fault) -> Raised {
    match fault {
        Fault::Data(text) => ERROR.raise(vm, format!("Error -3 while decompressing data: {text}")),
        Fault::NeedsDictionary => ERROR.raise(vm, "Error 2 while decompressing data"),
        Fault::WrongDictionary => ERROR.raise(vm, "Error -3 while setting zdict: invalid input data"),
    }
}

fn adler32(vm: &mut Vm, a: &[Value]) -> PyResult {
    let start = mask_arg(vm, &a[1])?;
    let data = vm.simple_buffer(&a[0])?;
    Ok(vm.new_int(i64::from(wrap::adler32(start, &data))))
}

fn compress(vm: &mut Vm, a: &[Value]) -> PyResult {
    let data = vm.simple_buffer(&a[0])?;
    let (level, wbits) = (vm.arg_int(&a[1])?, vm.arg_int(&a[2])?);
    let found = Wrap::from_bits(wbits, true).filter(|_| (-1..=9).contains(&level));
    let Some((wrap, bits)) = found else { return Err(ERROR.raise(vm, "Bad compression level")) };
    let mut packer = Packer::new(level, wrap, bits, 0, None);
    let mut out = packer.compress(&data);
    out.extend(packer.flush(4));
    Ok(vm.new_bytes(out))
}

fn decompress(vm: &mut Vm, a: &[Value]) -> PyResult {
    let data = vm.simple_buffer(&a[0])?;
    let wbits = vm.arg_int(&a[1])?;
    vm.arg_ssize(&a[2])?;
    let Some((wrap, bits)) = Wrap::from_bits(wbits, false) else {
        return Err(ERROR.raise(vm, "Error -2 while preparing to decompress data: inconsistent stream state"));
    };
    let mut unpacker = Unpacker::new(wrap, bits, None);
    let most = gilbert_vm::types::arith::max_bytes(vm);
    let (out, _) = unpacker.decompress(&data, most).map_err(|f| raise(vm, f))?;
    if !unpacker.ended() {
        if out.len() >= most {
            return Err(vm.memory_error());
        }
        return Err(ERROR.raise(vm, "Error -5 while decompressing data: incomplete or truncated stream"));
    }
    Ok(vm.new_bytes(out))
}
