//! Frames and the stack of values.

/// A thread's frames and values.
pub struct Stack {}

impl Stack {
    /// An empty stack.
    pub fn new() -> Stack {
        Stack {}
    }
}
