package a.b

import scala.collection.mutable

/** A shop. */
class Shop(name: String) extends Base {
  val limit = 3
  var count: Int = 0
  def sell(item: Int): Int = {
    val local = 1
    local
  }
}
object Shop {
  def apply(): Shop = new Shop("x")
}
trait Visitor { def visit(): Unit }
case class Point(x: Int, y: Int)
enum Color { case Red, Green }
type Names = List[String]
given ordering: Ordering[Int] = null
