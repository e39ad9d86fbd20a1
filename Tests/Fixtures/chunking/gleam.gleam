import gleam/io

pub const limit = 3

/// A book.
pub type Book {
  Book(title: String)
}

pub type Names = List(String)

/// Sells.
pub fn sell(book: Book, n: Int) -> Int {
  n
}
