//! The operating system as a world.
