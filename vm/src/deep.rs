//! Deep recursion that never blocks and knows no Python thread: parsing and compiling. It runs on a stack of its own, since a
//! Python thread's is small.

/// Bytes of the big stack; address space, committed as touched.
const BIG_STACK: usize = 64 << 20;

/// Runs `f` on an OS thread with a big stack and waits for it.
#[allow(clippy::disallowed_methods)] // it computes and nothing else: no world is concerned
pub fn on_big_stack<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("compile".into()).stack_size(BIG_STACK).spawn_scoped(scope, f);
        match thread {
            Ok(t) => match t.join() {
                Ok(r) => r,
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(e) => panic!("no thread to compile on: {e}"),
        }
    })
}
