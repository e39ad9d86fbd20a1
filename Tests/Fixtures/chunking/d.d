module shop;

import std.stdio;

/// A book.
struct Book { string title; }
class Shop : Base {
    int count;
    this() {}
    int sell(int n) { return n; }
}
interface Shape { int area(); }
enum Color { red, green }
void main() { writeln("x"); }
