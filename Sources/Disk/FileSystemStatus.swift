import CSystem
import Glibc
package import Primitives

/// The file system that a directory lies on: whether it can be written, and what is left of it. Some microseconds; of a
/// network file system, as long as its server takes.
package struct FileSystemStatus: Hashable, Sendable {
  package var isReadOnly: Bool
  /// Bytes that this user may still fill.
  package var freeByteCount: Int
  /// Whether the system says that there is no name for another file left.
  package var hasNoNames: Bool
  /// What it is called where it is kept on another machine; nil where it is not, or that cannot be told.
  package var networkName: String?

  /// Throws what keeps the system from saying it.
  package init(of directory: OpenDirectory) throws(Failure) {
    var raw = statvfs()
    guard unsafe fstatvfs(directory.descriptor, &raw) == 0 else {
      throw Failure(errno: errno, path: ".", action: "examine")
    }
    isReadOnly = raw.f_flag & UInt(ST_RDONLY) != 0
    let (byteCount, isBeyond) = UInt64(raw.f_bavail).multipliedReportingOverflow(by: UInt64(raw.f_frsize))
    freeByteCount = isBeyond ? .max : Int(clamping: byteCount)
    // Some have no fixed number of names and say 0 of both.
    hasNoNames = raw.f_files > 0 && raw.f_favail == 0
    networkName = Self.networkNames[csystem_file_system(directory.descriptor)]
  }

  /// Numbers of linux/magic.h and of those file systems that are not in it.
  static let networkNames: [Int64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x0102_1997: "9P", 0x00C3_6400: "Ceph",
    0x5346_414F: "AFS", 0x6B41_4653: "AFS", 0x7375_7245: "Coda", 0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS",
    0x1983_0326: "BeeGFS", 0x0747_6F63: "GFS2", 0x7461_636F: "OCFS2",
  ]

  /// What may lie on another machine or not: NCP, GFS2 by its newer number, shared folders of VirtualBox and VMware,
  /// FUSE.
  static let relayed: Set<Int64> = [0x564C, 0x0116_1970, 0x786F_4256, 0xBACB_ACBC, 0x6573_5546]

  /// Ext2 to ext4, XFS, Btrfs, tmpfs, F2FS, ZFS, bcachefs.
  static let timely: Set<Int64> = [
    0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0xF2F5_2010, 0x2FC1_2FC1, 0xCA45_1A4E,
  ]
}
