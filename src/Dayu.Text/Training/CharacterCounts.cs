namespace Dayu.Text;

/// <summary>How often each character occurs in a text.</summary>
sealed class CharacterCounts
{
    readonly Dictionary<int, long> counts = [];

    /// <summary>The characters of all words.</summary>
    public static CharacterCounts Of(WordTable words)
    {
        var counts = new CharacterCounts();
        for (int word = 0; word < words.Count; word++)
        {
            var utf8 = words[word];
            for (int at = 0; at < utf8.Length;)
            {
                int character = CharacterTable.Decode(utf8, at, out at);
                counts.counts[character] = counts.counts.GetValueOrDefault(character) + words.CountOf(word);
            }
        }
        return counts;
    }

    /// <summary>The most frequent characters that make up so much of the text; of equally frequent ones the lower first.</summary>
    public List<int> Covering(double share)
    {
        double wanted = share * counts.Values.Sum(), reached = 0;
        var covering = new List<int>();
        foreach (var (character, count) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key))
        {
            if (reached >= wanted) break;
            covering.Add(character);
            reached += count;
        }
        return covering;
    }
}
