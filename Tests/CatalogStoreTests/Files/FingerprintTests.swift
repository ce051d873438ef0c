import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct FingerprintTests {
  /// XXH3-128 of the reference implementation, seed 0.
  @Test(arguments: [
    ("", "99aa06d3014798d86001c324468d497f"), ("a", "a96faf705af16834e6c632b61e964e1f"),
    ("abc", "06b05ab6733a618578af5f94892f3950"),
  ])
  func shortTextsHaveTheirPublishedFingerprints(text: String, digits: String) {
    #expect(Fingerprint(of: text).description == digits)
  }

  @Test func longInputsHaveTheFingerprintOfTheReferenceImplementation() throws {
    let workdir = try Workdir()
    for (count, modulus, digits) in [
      (256, 256, "f1f8a93f50849ac39408a4433b952d71"), (100_000, 251, "54182c58bbb1337c42c23aeead96750d"),
    ] {
      let path = try workdir.write(Data((0..<count).map { UInt8($0 % modulus) }), to: "f")
      #expect(try Fingerprint(ofFile: path).description == digits)
    }
  }

  @Test func fileTextAndPiecesAgree() throws {
    let workdir = try Workdir()
    try forEverySeed { rng in
      for count in [0, 1, 16, 17, 240, 241, 1024, 262_143, 262_144, 262_145, 700_000] {
        let bytes = (0..<count).map { _ in UInt8(32 + rng.below(90)) }
        let whole = Fingerprint(of: String(decoding: bytes, as: UTF8.self))
        let file = try Fingerprint(ofFile: workdir.write(Data(bytes), to: "f"))
        var hasher = Fingerprint.Hasher()
        var next = 0
        while next < count {
          let end = min(count, next + 1 + rng.below(max(1, count / 3)))
          bytes[next..<end].withUnsafeBytes { hasher.update($0) }
          next = end
        }
        #expect(whole == file, "seed \(rng.seed), \(count) bytes")
        #expect(whole == hasher.finish(), "seed \(rng.seed), \(count) bytes")
        #expect(whole.description.utf8.count == 32)
      }
    }
  }

  @Test func oneBitChangesTheFingerprint() throws {
    let workdir = try Workdir()
    var bytes = Data(repeating: 0, count: 10_000)
    var seen: Set<Fingerprint> = [try Fingerprint(ofFile: workdir.write(bytes, to: "f"))]
    for place in stride(from: 0, to: 10_000, by: 999) {
      bytes[place] = 1
      #expect(seen.insert(try Fingerprint(ofFile: workdir.write(bytes, to: "f"))).inserted)
      bytes[place] = 0
    }
  }

  @Test func aMissingFileAndAFolderHaveNone() throws {
    let workdir = try Workdir()
    #expect(throws: StoreError.self) { try Fingerprint(ofFile: workdir.path("absent")) }
    #expect(throws: StoreError.self) { try Fingerprint(ofFile: workdir.path) }
  }
}
