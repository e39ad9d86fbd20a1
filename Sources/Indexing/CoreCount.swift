import Glibc

/// The cores that the system lets a process run on.
var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
