//! Native stacks for coroutines, and the coroutines that simulated threads and greenlets are.
