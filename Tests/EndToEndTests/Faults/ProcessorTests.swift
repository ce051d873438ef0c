import CProcessor
import Foundation
import Testing
import XMDBTestSupport

/// The check that the processor has what the kernels were built for.
@Suite struct ProcessorTests {
  private static let all = xmdb_cpu_features(leaf1_ecx: .max, leaf7_ebx: .max, extended_ecx: .max, xcr0: .max)

  private func missing(_ level: Int32, _ features: xmdb_cpu_features, size: Int = 512) -> (
    count: Int32, names: [String]
  ) {
    var text = [CChar](repeating: 1, count: size)
    let count = xmdb_cpu_missing(level, features, &text, size)
    let names = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (count, names.split(separator: " ").map(String.init))
  }

  private func refusal(_ features: xmdb_cpu_features) -> String? {
    var text = [CChar](repeating: 0, count: 512)
    guard xmdb_cpu_refusal(features, &text, text.count) != 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  @Test func thisMachineCanRunThisBuild() {
    #expect(refusal(xmdb_cpu_detect()) == nil)
    #expect((1...4).contains(xmdb_cpu_level()))
  }

  @Test func eachLevelNeedsMoreThanTheOneBelow() {
    let counts = (Int32(1)...4).map { missing($0, xmdb_cpu_features()).count }
    #expect(counts[0] == 0 && counts[1] == 7 && counts[2] == 17 && counts[3] == 23, "\(counts)")
    #expect(missing(4, Self.all).count == 0)
  }

  @Test(arguments: [("avx2", 1, 5), ("fma", 0, 12), ("bmi2", 1, 8), ("lzcnt", 2, 5), ("ymm-state", 3, 2)])
  func whatIsMissingIsNamed(name: String, word: Int, bit: Int) {
    var features = Self.all
    switch word {
    case 0: features.leaf1_ecx ^= 1 << bit
    case 1: features.leaf7_ebx ^= 1 << bit
    case 2: features.extended_ecx ^= 1 << bit
    default: features.xcr0 ^= 1 << bit
    }
    #expect(missing(3, features).names == [name])
    #expect(missing(2, features).names.isEmpty)
  }

  @Test func aRefusalSaysWhatLacksAndWhatToDo() throws {
    let message = refusal(xmdb_cpu_features())
    if xmdb_cpu_level() == 1 { return #expect(message == nil) }
    #expect(try #require(message).contains("lacks: cmpxchg16b"))
    #expect(try #require(message).contains("./setup --cpu x86-64"))
    if xmdb_cpu_level() >= 3 { #expect(try #require(message).contains("x86-64-v")) }
  }

  @Test func namesAreCutToTheSpaceThereIs() {
    for size in [1, 2, 8, 20] {
      let few = missing(4, xmdb_cpu_features(), size: size)
      #expect(few.count == 23 && few.names.joined(separator: " ").utf8.count < size, "\(few)")
    }
  }

  private static let emulator = "/usr/bin/qemu-x86_64"

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: emulator), "qemu-user is not installed"))
  func anOlderProcessorIsToldSoByTheProgram() throws {
    try #require(xmdb_cpu_level() == 3)
    let result = try RunningProgram([Self.emulator, "-cpu", "Nehalem", RunningProgram.path, "version"], in: Workdir())
      .wait()
    #expect(result.status == 2 && result.output == "", "\(result)")
    #expect(
      result.error.hasPrefix("Error: this xmdb is built for processors of level x86-64-v3, and this one lacks: avx "))
  }
}
