import Glibc

/// The priority of the calling thread, as `nice` counts it: 0 is the usual one, higher is lower.
package func threadNiceValue() -> Int { Int(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)) }
