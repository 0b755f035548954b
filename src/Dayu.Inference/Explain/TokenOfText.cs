using Dayu.Text;

namespace Dayu.Inference;

/// <summary>A token of a text. A character's UTF-8 may be cut between several tokens; each is then a part of it.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Id">The token.</param>
/// <param name="Text">What it says by itself.</param>
/// <param name="Bytes">What it stands for.</param>
/// <param name="PartOf">What it says together with its neighbours; null: it stands by itself.</param>
/// <param name="Part">Which part it is, from 1.</param>
/// <param name="Parts">How many there are.</param>
public sealed record TokenOfText(int Position, int Id, string Text, byte[] Bytes, string? PartOf, int Part, int Parts)
{
    /// <summary>The tokens of a text, in order.</summary>
    /// <param name="tokenizer">Knows what they stand for.</param>
    /// <param name="ids">The tokens.</param>
    public static IEnumerable<TokenOfText> Of(Tokenizer tokenizer, IReadOnlyList<int> ids)
    {
        foreach (var piece in new TextSpans(tokenizer, ids).All)
            for (var i = 0; i < piece.Count; i++)
            {
                var (at, id) = (piece.First + i, ids[piece.First + i]);
                var whole = piece.Count > 1 ? piece.Text : null;
                yield return new(at, id, tokenizer.TokenText(id), tokenizer.BytesOf(id).ToArray(), whole, i + 1, piece.Count);
            }
    }
}
