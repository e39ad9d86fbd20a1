import Glibc

/// Holds the calling thread for so long: for another look at what may be in the middle of a change. Not for the shared pool.
package func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
