using System.Text;

namespace Dayu.Cli;

/// <summary>A token that is only a part of a stretch of characters, since a character's UTF-8 may be cut between tokens.</summary>
/// <param name="Text">The stretch, whole.</param>
/// <param name="Part">Which part of it this token is, from 1.</param>
/// <param name="Parts">How many there are.</param>
sealed record TokenGroup(string Text, int Part, int Parts);

/// <summary>Finds tokens that must be read together to be text.</summary>
static class TokenGroups
{
    /// <summary>For each token the group it is a part of; null where it is text by itself.</summary>
    public static TokenGroup?[] Of(byte[][] tokens)
    {
        var groups = new TokenGroup?[tokens.Length];
        for (int start = 0, end; start < tokens.Length; start = end)
        {
            var bytes = new List<byte>(tokens[start]);
            for (end = start + 1; end < tokens.Length && Unfinished([.. bytes]); end++) bytes.AddRange(tokens[end]);
            if (end == start + 1) continue;
            var text = Encoding.UTF8.GetString([.. bytes]);
            for (var i = start; i < end; i++) groups[i] = new(text, i - start + 1, end - start);
        }
        return groups;
    }

    /// <summary>Whether it ends inside a character.</summary>
    static bool Unfinished(byte[] bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if (b >= 0xC0) return back < (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2);
            if (b < 0x80) return false;
        }
        return false;
    }
}
