import Foundation

/// A shop.
@MainActor
public final class Shop<T>: Base {
  static let limit = 3
  private(set) var name: String = ""
  var count: Int { items.count }
  init(name: String) { self.name = name }
  deinit {}
  func sell(_ item: T) throws -> Int {
    let local = 1
    func helper() {}
    return local
  }
  subscript(i: Int) -> Int { i }
}

struct Point { var x = 0 }
enum Color: String {
  case red, green
  indirect case mixed(Color)
}
protocol Drawable {
  associatedtype Canvas
  var size: Int { get }
  func draw()
}
extension Shop: Drawable {
  func draw() {}
}
actor Till { func add() {} }
typealias Names = [String]
func open(path: String) -> Int { 0 }
let shared = Point()
