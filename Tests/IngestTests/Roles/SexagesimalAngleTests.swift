import Testing
import XMDBTestSupport

@testable import Ingest

@Suite struct SexagesimalAngleTests {
  private func read(_ text: String, _ count: SexagesimalAngle.Count) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { SexagesimalAngle.degrees($0, count) }
  }

  @Test(
    arguments: [
      ("12:34:56.7", .hours, 188.73625), ("12 34 56.7", .hours, 188.73625), ("12h34m56.7s", .hours, 188.73625),
      ("12H 34M 56.7S", .hours, 188.73625), (" 12 : 34 : 56.7 ", .hours, 188.73625), ("0:0:0", .hours, 0),
      ("24:00:00", .hours, 360), ("12:34.5", .hours, 188.625), ("00:00:00.000000001", .hours, 15e-9 / 3600),
      ("05d30m", .hours, 5.5), ("187d30m00s", .hours, 187.5), ("-00:30:00", .degrees, -0.5),
      ("+12 34 56.7", .degrees, 12.58241666666666666), ("\u{2212}12°34′56.7″", .degrees, -12.58241666666666666),
      ("-12d34'56.7\"", .degrees, -12.58241666666666666), ("12°34'56.7''", .degrees, 12.58241666666666666),
      ("-89 59 60", .degrees, -90), ("10 60 00", .degrees, 11), ("\t01 02 03\r", .degrees, 1.0341666666666667),
      ("123.5", .decimalDegrees, 123.5), ("-0.25", .decimalDegrees, -0.25), ("-1 30 0", .decimalDegrees, -1.5),
    ] as [(String, SexagesimalAngle.Count, Double)])
  func anglesAreRead(_ text: String, _ count: SexagesimalAngle.Count, _ degrees: Double) throws {
    let found = try #require(read(text, count))
    #expect(abs(found - degrees) < 1e-12)
  }

  @Test(arguments: [
    "x", "12", "12.5", "12:60.5:00", "12:34:61", "25:00:00", "24:00:00.1", "12:34:56:7", "12;34;56", "12h34s",
    "1e2:3:4",
    "12.5:30:00", "12:30.5:10", "--1:2:3", "12:34:56.7x", "12::56", "12:34:", ":12:34", "nan", "inf:0:0", "12h34:56m",
    "99999999999999999999:1:1", "12m34s", "1234:5", "12:-34:56", "12 34 5 6", "٣:٤:٥",
    String(repeating: "1", count: 1000),
  ]) func whatIsNoAngleIsNone(_ text: String) { #expect(read(text, .hours) == nil) }

  @Test func hoursAreNoDeclination() { #expect(read("12h34m56s", .degrees) == nil) }

  @Test(arguments: ["", " ", "\t \n"]) func blankTextIsNoValue(_ text: String) {
    #expect(read(text, .hours)?.isNaN == true)
  }

  /// Whatever bytes come, there is an answer.
  @Test func anyBytesHaveAnAnswer() {
    var random = SplitMix64(seed: 14)
    let alphabet = Array("0123456789:hmsdHMSD.'\"°′″ -+\u{2212}e\u{0}\u{ff}".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0..<20, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      for count in [SexagesimalAngle.Count.hours, .degrees, .decimalDegrees] {
        let value = bytes.withUnsafeBufferPointer { SexagesimalAngle.degrees($0, count) }
        if let value, !value.isNaN, count != .decimalDegrees { #expect(abs(value) <= 360) }
      }
    }
  }
}
