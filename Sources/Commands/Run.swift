import Cairn

/// Runs one command line and gives its exit code: 0 found or done, 1 nothing found, 2 an error.
package func run(_ arguments: [String]) async -> Int32 { 0 }
