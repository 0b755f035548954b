using Dayu.Text;

namespace Dayu.Hub;

/// <summary>
/// A text has a token for which the model has no embedding: tokenizers are published that are larger than their models.
/// </summary>
/// <param name="token">The token's text.</param>
/// <param name="id">Its id.</param>
/// <param name="vocabulary">How many tokens the model has.</param>
public sealed class TokenOutOfModelException(string token, int id, int vocabulary) : ArgumentException(
    $"the text has the token '{token}', id {id}, for which the model has no embedding: it has {vocabulary} tokens, 0 to {vocabulary - 1}. "
    + "Leave it out of the text, or take the tokenizer that belongs to the model.")
{
    /// <summary>The token's text.</summary>
    public string Token => token;

    /// <summary>Its id.</summary>
    public int Id => id;

    /// <summary>How many tokens the model has.</summary>
    public int Vocabulary => vocabulary;

    static string TextOf(Tokenizer tokenizer, int id) => (uint)id < (uint)tokenizer.VocabularySize ? tokenizer.TokenText(id) : "?";

    /// <summary>Holds a text to the tokens of a model.</summary>
    /// <param name="tokenizer">Knows what they are called.</param>
    /// <param name="ids">The text.</param>
    /// <param name="vocabulary">How many tokens the model has.</param>
    public static void ThrowIfAny(Tokenizer tokenizer, IReadOnlyList<int> ids, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(ids);
        foreach (int id in ids)
            if ((uint)id >= (uint)vocabulary) throw new TokenOutOfModelException(TextOf(tokenizer, id), id, vocabulary);
    }
}
