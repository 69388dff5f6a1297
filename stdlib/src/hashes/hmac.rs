//! HMAC (RFC 2104).

use super::state::{Algorithm, Running};
use super::{data_arg, openssl};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::bytes::methods::hex_text;
use gilbert_vm::types::native::{getter, method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A running HMAC; the payload of `_hashlib.HMAC` too.
pub struct Hmac {
    pub algorithm: &'static Algorithm,
    inner: Box<dyn Running>,
    outer: Box<dyn Running>,
}

impl Hmac {
    /// With a key.
    pub fn new(algorithm: &'static Algorithm, key: &[u8]) -> Hmac {
        let mut block = key.to_vec();
        if block.len() > algorithm.block_size {
            let mut h = (algorithm.start)();
            h.update(key);
            block = h.digest(algorithm.digest_size);
        }
        block.resize(algorithm.block_size, 0);
        let keyed = |pad: u8| {
            let mut h = (algorithm.start)();
            h.update(&block.iter().map(|b| b ^ pad).collect::<Vec<_>>());
            h
        };
        Hmac { algorithm, inner: keyed(0x36), outer: keyed(0x5c) }
    }
    /// The same state again.
    pub fn again(&self) -> Hmac {
        Hmac { algorithm: self.algorithm, inner: self.inner.again(), outer: self.outer.again() }
    }
    /// More of the message.
    pub fn update(&mut self, data: &[u8]) {
        self.inner.update(data);
    }
    /// The authentication code so far.
    pub fn digest(&self) -> Vec<u8> {
        let size = self.algorithm.digest_size;
        let mut outer = self.outer.again();
        outer.update(&self.inner.digest(size));
        outer.digest(size)
    }
}

impl Payload for Hmac {
    // a running hash has no cells
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Hmac {
        self.again()
    }
}

/// `_hashlib.HMAC`
pub static HMAC: TypeDef = TypeDef::new("_hashlib.HMAC", layout_of::<Hmac>())
    .flags(flags::NO_NEW)
    .doc("The object used to calculate HMAC of a message.")
    .methods(&[
        method("update(self, /, msg)", |vm, a| {
            let data = data_arg(vm, &a[1])?;
            vm.touch_write(&a[0], Part::Whole);
            if let Some(h) = a[0].borrow_mut::<Hmac>(vm) {
                h.update(&data);
            }
            Ok(Value::NONE)
        })
        .doc("Update the HMAC object with msg."),
        method("copy(self, /)", |vm, a| {
            let again = this(vm, &a[0]).again();
            Ok(vm.new_native(&HMAC, again))
        })
        .doc("Return a copy of the HMAC object."),
        method("digest(self, /)", |vm, a| {
            let d = this(vm, &a[0]).digest();
            Ok(vm.new_bytes(d))
        })
        .doc("Return the digest of the bytes passed to the update() method so far."),
        method("hexdigest(self, /)", |vm, a| {
            let d = this(vm, &a[0]).digest();
            Ok(vm.new_ascii(hex_text(&d, None, 0)))
        })
        .doc("Return hexadecimal digest of the bytes passed to the update() method so far."),
        method("__repr__(self, /)", |vm, a| {
            let (name, at) = (this(vm, &a[0]).algorithm.name, vm.address_of(&a[0]));
            Ok(vm.new_str(format!("<{name} HMAC object @ {at:#x}>")))
        }),
    ])
    .getset(&[
        getter("name", |vm, v| {
            let name = this(vm, v).algorithm.name;
            Ok(vm.new_str(format!("hmac-{name}")))
        }),
        getter("digest_size", |vm, v| Ok(Value::small_wrap(this(vm, v).algorithm.digest_size as i64))),
        getter("block_size", |vm, v| Ok(Value::small_wrap(this(vm, v).algorithm.block_size as i64))),
    ]);

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a Hmac {
    vm.touch_read(v, Part::Whole);
    v.borrow::<Hmac>(vm).expect("an HMAC")
}

/// `hmac_new(key, msg=b"", digestmod=None)`
pub fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[2].is_null() || a[2].is_none() {
        return Err(vm.type_error("Missing required parameter 'digestmod'."));
    }
    let algorithm = openssl::digest_arg(vm, &a[2])?;
    let key = vm.simple_buffer(&a[0])?;
    let mut hmac = Hmac::new(algorithm, &key);
    if !a[1].is_none() && !a[1].is_null() {
        let data = data_arg(vm, &a[1])?;
        hmac.update(&data);
    }
    Ok(vm.new_native(&HMAC, hmac))
}
/// `hmac_digest(key, msg, digest)`
pub fn digest(vm: &mut Vm, a: &[Value]) -> PyResult {
    let algorithm = openssl::digest_arg(vm, &a[2])?;
    let key = vm.simple_buffer(&a[0])?;
    let msg = vm.simple_buffer(&a[1])?;
    let mut hmac = Hmac::new(algorithm, &key);
    hmac.update(&msg);
    Ok(vm.new_bytes(hmac.digest()))
}
