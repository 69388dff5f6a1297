//! What one thread may see of the others' stacks (`sys._current_frames`).

use crate::thread::ident;
use crate::types::T;
use crate::types::frame_obj::FrameObj;
use crate::types::function::Function;
use crate::value::Value;
use crate::vm::Vm;
use std::ptr::NonNull;

impl Vm {
    /// Lets other threads see this one's frames, until it ends. The machine stays where it is from now on.
    pub(crate) fn show_frames(&mut self) {
        let (me, vm) = (self.tid(), NonNull::from(&mut *self));
        if let Some(info) = self.iso_mut().threads.get_mut(me) {
            info.vm = Some(vm);
        }
    }
    /// The innermost frame of each running thread, by `threading.get_ident()`. What other threads' frames hold is copied: it does
    /// not change when these go on.
    pub fn current_frames(&mut self) -> Vec<(u64, Value)> {
        let me = self.tid();
        let others: Vec<_> = self.iso().threads.iter().filter(|t| !t.ended && t.tid != me).filter_map(|t| Some((t.tid, t.vm?))).collect();
        let mut all = Vec::new();
        for (tid, vm) in others {
            if let Some(frame) = self.frames_of_other(vm) {
                all.push((ident(tid), frame));
            }
        }
        if let Some(frame) = self.frame_object(0) {
            all.push((ident(me), frame));
        }
        all
    }
    /// The innermost frame of another thread, with its callers.
    fn frames_of_other(&mut self, other: NonNull<Vm>) -> Option<Value> {
        let mut outer = Value::NULL;
        // SAFETY: H1 and F1: this thread holds the GIL, so the other one is parked or outside of Python, with its frames' registers
        // stored, and does not touch its stack before it has the GIL again. It is listed, so its machine is alive.
        let frames = unsafe { std::slice::from_raw_parts((*other.as_ptr()).stack.frames.as_ptr(), (*other.as_ptr()).stack.frames.len()) };
        for f in frames {
            let code = match f.owner.borrow::<Function>(self) {
                Some(function) => function.code.clone(),
                None => f.owner.clone(),
            };
            // SAFETY: as above; the frame keeps its dicts alive, and its local slots are values.
            let (globals, builtins, slots) = unsafe {
                let slots = std::slice::from_raw_parts(f.base, f.code().proto.slots()).to_vec();
                (Value::new_ref(f.globals as *const _), Value::new_ref(f.builtins as *const _), slots)
            };
            let names = f.locals.clone();
            let lasti = f.last_instr() as u32;
            outer = self.new_object(T::Frame, FrameObj { code, globals, builtins, names, slots, back: outer, lasti, ..FrameObj::default() });
        }
        (!outer.is_null()).then_some(outer)
    }
}
