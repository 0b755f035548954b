using System.Text;
using System.Text.Unicode;
using Dayu.Text;

namespace Dayu.Server;

/// <summary>
/// A token as log-probabilities name it: its exact bytes, and its text. A part of a character is no text: it is written as its bytes,
/// <c>bytes:\xe5\xa4</c>, never as U+FFFD.
/// </summary>
static class TokenWords
{
    /// <summary>JSON has no infinity: what cannot come is this unlikely.</summary>
    public const float Impossible = -9999;

    /// <summary>Its bytes; none for a row of the model that is no token.</summary>
    public static byte[] Bytes(Tokenizer tokenizer, int id) => id < tokenizer.VocabularySize ? tokenizer.BytesOf(id).ToArray() : [];

    /// <summary>Its text.</summary>
    public static string Text(Tokenizer tokenizer, int id)
    {
        var bytes = Bytes(tokenizer, id);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : "bytes:" + string.Concat(bytes.Select(b => $"\\x{b:x2}"));
    }

    /// <summary>A logarithm that JSON can say.</summary>
    public static float Finite(float logProb) => Math.Max(logProb, Impossible);
}
