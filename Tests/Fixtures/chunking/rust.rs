//! A crate.
use std::io;

/// A stack.
#[derive(Debug)]
pub struct Stack<T> {
    items: Vec<T>,
}

pub enum Color {
    Red,
    Mixed(u8, u8),
}

pub trait Draw {
    const SIZE: u32;
    type Canvas;
    fn draw(&self);
    fn twice(&self) { self.draw(); }
}

impl<T> Draw for Stack<T> {
    /// Draws it.
    fn draw(&self) {
        fn helper() {}
        helper();
    }
}

impl shapes::Circle {
    pub const UNIT: u8 = 1;
    pub fn new() -> Self { todo!() }
}

mod inner {
    pub fn hidden() {}
}
mod other;

macro_rules! square {
    ($x:expr) => { $x * $x };
}

pub const LIMIT: usize = 3;
static NAME: &str = "x";
type Alias = Stack<u8>;

extern "C" {
    fn puts(s: *const u8) -> i32;
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_works() {}
}
