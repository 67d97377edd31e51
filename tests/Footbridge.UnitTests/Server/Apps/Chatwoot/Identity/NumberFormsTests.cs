using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Identity;

public sealed class NumberFormsTests
{
    [Theory]
    [InlineData("551188880001", "5511988880001")] // Brazil
    [InlineData("541150000001", "5491150000001")] // Argentina
    [InlineData("525550000001", "5215550000001")] // Mexico
    public void A_mobile_number_can_be_written_in_another_way_and_back(string one, string other)
    {
        Assert.Equal([other], NumberForms.Of(one));
        Assert.Equal([one], NumberForms.Of(other));
    }

    [Theory]
    [InlineData("551133330001")] // a Brazilian landline
    [InlineData("5511933330001")] // a mobile number whose rest would be a landline's
    [InlineData("491700000001")]
    [InlineData("55")]
    [InlineData("")]
    public void Every_other_number_has_one_form(string digits) => Assert.Empty(NumberForms.Of(digits));
}
