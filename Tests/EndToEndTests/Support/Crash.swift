import Foundation

/// A library for `LD_PRELOAD` that makes a program crash a third of a second after its start, where `XMDB_TEST_CRASH` says how.
enum Crash {
  static let library = URL(fileURLWithPath: RunningProgram.path)
    .deletingLastPathComponent().appendingPathComponent("libcrash.so").path
}
