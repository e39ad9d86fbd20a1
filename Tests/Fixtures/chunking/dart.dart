import 'dart:io';

/// A shop.
abstract class Shop<T> extends Base with Mixin {
  static const int limit = 3;
  final String name;
  Shop(this.name);
  factory Shop.open() => throw 1;
  int get count => 0;
  set count(int x) {}
  @override
  Future<int> sell(T item) async {
    int local() => 1;
    return local();
  }
}

mixin Mixin { void mix() {} }
enum Color { red, green }
extension Shout on String { String shout() => toUpperCase(); }
typedef Compare = int Function(int a, int b);
void main() { print('x'); }
const max = 3;
