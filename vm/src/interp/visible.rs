//! What a controlled run looks at inside frames and values.

use super::frame::ENTRY;
use crate::control::mix;
use crate::op::{Instr, NAME, Op};
use crate::probe::Event;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// A hash of what the thread's frames hold: equal where it has come back to the same place with the same values.
    /// `None` where natives between the frames hold more.
    pub(crate) fn local_state(&mut self) -> Option<u64> {
        let (_, called) = self.stack.frames.split_first()?;
        if called.iter().any(|f| f.flags & ENTRY != 0) {
            return None;
        }
        let mut h = self.stack.frames.len() as u64;
        for at in 0..self.stack.frames.len() {
            let f = &self.stack.frames[at];
            let (mut p, sp) = (f.base, f.sp);
            h = mix(h ^ f.ip as u64);
            // SAFETY: F1: the loop has stored the frames' registers; the slots from base to sp hold values or are absent.
            unsafe {
                while p < sp {
                    h = mix(h ^ self.sameness(&*p, 0));
                    p = p.add(1);
                }
            }
        }
        Some(h)
    }
    /// A number that two values share only if they are the same object, or the same text, or tuples of such. An address alone does not
    /// tell: what is made anew each time often lies where the last one lay.
    fn sameness(&mut self, v: &Value, depth: u32) -> u64 {
        if v.is_null() || v.header().is_none() {
            return v.bits();
        }
        if let Some(s) = v.get::<Str>() {
            return mix(s.lossy().bytes().fold(3, |h, b| mix(h ^ u64::from(b))));
        }
        if depth < 4
            && let Some(t) = v.get::<crate::types::tuple::Tuple>()
        {
            let items: Vec<Value> = t.items().to_vec();
            return items.iter().fold(5, |h, i| mix(h ^ self.sameness(i, depth + 1)));
        }
        self.location(v)
    }
    /// Tells of the visible instruction that is about to be executed. The loop has stored the frame's registers.
    pub(crate) fn tell_instruction(&mut self, i: &Instr) {
        let Some(f) = self.stack.frames.last() else { return };
        let name = match i.op.flags() & NAME != 0 {
            true => f.code().names.get(i.b as usize).map(|n| format!(" {}", self.text(n))),
            false => None,
        };
        let slot = matches!(i.op, Op::LoadDeref | Op::StoreDeref).then(|| f.code().slot_names.get(i.b as usize).map(|n| format!(" {}", self.text(n))));
        let name = name.or(slot.flatten()).unwrap_or_default();
        let depth = match i.op {
            Op::StoreGlobal | Op::StoreName | Op::StoreDeref => 1,
            Op::StoreAttr => 2,
            Op::StoreSubscr => 3,
            _ => 0,
        };
        // SAFETY: F1: so many operands lie below sp before a store.
        let value = if depth == 0 { String::new() } else { unsafe { self.short_text(&*f.sp.sub(depth)) } };
        self.untold = matches!(i.op, Op::LoadGlobal | Op::LoadName | Op::LoadDeref | Op::LoadAttr | Op::BinarySubscr | Op::Call | Op::ContainsOp);
        self.tell_place(format!("{}{name}", i.op.name()), value);
    }
    /// Tells what the visible instruction before has left on the operand stack.
    pub(crate) fn tell_value(&mut self) {
        self.untold = false;
        let Some(f) = self.stack.frames.last() else { return };
        if f.sp <= f.base {
            return;
        }
        // SAFETY: F1: a slot between base and sp.
        let text = unsafe { self.short_text(&*f.sp.sub(1)) };
        self.event(&Event::Value(text));
    }
    /// A value in a few characters, without running Python.
    pub fn short_text(&self, v: &Value) -> String {
        if v.is_null() {
            return String::new();
        }
        if let Some(i) = v.as_small_or_bool() {
            return if v.is_bool() { if i != 0 { "True".into() } else { "False".into() } } else { i.to_string() };
        }
        if v.is_none() {
            return "None".into();
        }
        if let Some(f) = v.as_float() {
            return format!("{f:?}");
        }
        if v.is_a::<Str>() {
            let text: String = self.text(v).chars().take(30).collect();
            return format!("{text:?}");
        }
        let items = v.borrow::<crate::types::list::List>(self).map(|l| l.items());
        match items {
            Some(items) if items.len() <= 6 => format!("[{}]", items.iter().map(|v| self.short_text(v)).collect::<Vec<_>>().join(", ")),
            Some(items) => format!("a list of {}", items.len()),
            None => format!("a {}", v.class(self).short_name()),
        }
    }
}

/// The hash of the name at this address, which the code or the object that is being touched refers to.
pub(crate) fn name_hash(bits: u64) -> i64 {
    // SAFETY: `Part::Name` holds the address of an interned str that is in use by who reports it; no reference is counted.
    let v = std::mem::ManuallyDrop::new(unsafe { Value::from_bits(bits) });
    v.get::<Str>().map_or(bits as i64, Str::cached_hash)
}
