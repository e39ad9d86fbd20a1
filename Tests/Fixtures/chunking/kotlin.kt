package a.b

import kotlin.math.PI

/** A shop. */
data class Shop(val name: String) : Base() {
    companion object {
        const val MAX = 3
        fun create() = Shop("x")
    }
    var count = 0
    override fun sell(item: Int): Int {
        val local = 1
        return local
    }
}

interface Visitor { fun visit() }
enum class Color { RED, GREEN }
object Registry { val all = listOf<Int>() }
sealed class Result
typealias Names = List<String>
fun String.shout(): String = uppercase()
fun main() { println("x") }
const val LIMIT = 3
