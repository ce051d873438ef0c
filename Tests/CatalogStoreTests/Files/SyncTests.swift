import CFaultInjection
import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// Files that are forced to the disk: an error of the disk is an error, however many they are.
@Suite struct SyncTests {
  @Test(arguments: [5, 1500]) func everyFileIsAskedForErrors(_ count: Int) throws {
    let folder = try Workdir()
    let paths = try (0..<count).map { try folder.write(Data("x".utf8), to: "\($0)") }
    for nth in [1, count / 2, count] {
      fault_arm(nth, 0)
      let error = #expect(throws: StoreError.self) { try FileSystem.sync(all: paths) }
      #expect(fault_disarm() == nth && fault_hit().map { String(cString: $0) } == "fsync")
      #expect(error?.code == .system && error?.message.contains("cannot sync") == true, "\(String(describing: error))")
    }
    fault_arm(count + 1, 0)
    try FileSystem.sync(all: paths)
    #expect(fault_disarm() == count && fault_hit() == nil)
    #expect(throws: StoreError.self) { try FileSystem.sync(all: paths + [folder.path("missing")]) }
  }
}
