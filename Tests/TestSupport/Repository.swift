package import Primitives

/// The root of this repository, for the files that tests read.
package let repository = FilePath(#filePath).parent.parent.parent
