using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Dayu.Cli;

/// <summary>Text from outside: UTF-8 or an error, never with characters in place of what could not be read.</summary>
static class Utf8Text
{
    /// <summary>The text of bytes; a byte-order mark is no part of it.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="name">Where they come from, for messages.</param>
    /// <param name="before">Bytes that came before these.</param>
    /// <exception cref="CliError">They are no UTF-8; says from which byte on.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, object name, long before = 0)
    {
        Check(bytes, name, before);
        if (before == 0 && bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Whether bytes are UTF-8.</summary>
    /// <exception cref="CliError">They are not; says from which byte on.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, object name, long before = 0)
    {
        if (!Utf8.IsValid(bytes)) throw new CliError(7003, name, before + Valid(bytes));
    }

    static int Valid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }
}
