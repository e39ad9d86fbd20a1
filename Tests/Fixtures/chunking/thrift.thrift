namespace py shop

const i32 LIMIT = 3

// A book.
struct Book {
  1: string title
}

enum Color { RED = 1 }
exception Closed { 1: string why }

service Store {
  i32 sell(1: Book book)
}
