using System.Text;
using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>Takes runs out of a text while its marks are rewritten, and puts them back as they were, in their order.</summary>
/// <param name="mark">Stands for a run: a private-use character, so neither a letter, a blank nor a mark. The runs must cover those that the text itself holds.</param>
internal sealed class KeptRuns(char mark)
{
    private readonly Queue<string> _runs = [];

    public string Take(string text, Regex runs) => runs.Replace(text, run =>
    {
        _runs.Enqueue(run.Value);
        return mark.ToString();
    });

    public string PutBack(string text)
    {
        if (_runs.Count == 0) return text;
        var result = new StringBuilder(text.Length * 2);
        foreach (var letter in text)
        {
            if (letter == mark) result.Append(_runs.Dequeue());
            else result.Append(letter);
        }

        return result.ToString();
    }
}
