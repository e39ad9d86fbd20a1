//! What a skimmer of Rust must not trip over.
use std::fmt;

const TEXT: &str = r#"a raw "string" with } and {"#;
static CALL: fn(i32) -> i32 = double;

fn double(n: i32) -> i32 {
    let quote = '\'';
    let brace = '}';
    /* a comment /* in a comment } */ } */
    println!("{} {} over
several lines }}", quote, brace);
    n * 2
}

pub struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str) -> Self {
        let first = text.chars().next().unwrap_or('{');
        assert!(first != '}', "a closing brace comes first in {text}");
        Parser { text, at: 0 }
    }

    pub fn next<F>(&mut self, accept: F) -> Option<&'a str>
    where
        F: Fn(char) -> bool,
    {
        let rest = &self.text[self.at..];
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        if end == 0 { None } else { Some(&rest[..end]) }
    }
}

impl fmt::Display for Parser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            0 => write!(f, "at the beginning of {}", self.text),
            n => write!(f, "at {} of {}", n, self.text),
        }
    }
}

pub trait Visit {
    fn visit(&mut self, name: &str);
    fn finish(&mut self) -> usize {
        self.visit("the last one of all that were visited");
        self.visit("and one more, to make this long enough");
        0
    }
}

pub fn holds_an_item(n: usize) -> usize {
    fn inner(n: usize) -> usize {
        n + 1
    }
    let bytes = br"raw bytes }";
    inner(n) + bytes.len() + b'}' as usize
}

macro_rules! make {
    ($name:ident) => {
        pub fn $name() -> &'static str {
            stringify!($name)
        }
    };
}

make!(made);

pub enum Level {
    Low,
    High { value: u8 },
}

mod inner {
    pub fn deep() -> bool {
        let label = 'outer: loop {
            break 'outer "the label of a loop is no character";
        };
        label.len() > 3
    }
}
