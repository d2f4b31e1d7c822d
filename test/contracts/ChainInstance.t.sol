// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {BalanceSheet} from "../../contracts/libraries/BalanceSheet.sol";
import {ChainInstance} from "../../contracts/libraries/ChainInstance.sol";

contract ChainInstanceTest {
    function testFuzz_TheIdIsTheOneGiven(bytes32 id) public {
        if (id == 0) return;
        require(new ChainInstance(id).id() == id, "id");
    }

    function test_AnEmptyIdIsRefused() public {
        try new ChainInstance(0) {
            revert("an empty id was taken");
        } catch (bytes memory reason) {
            require(bytes4(reason) == ChainInstance.EmptyId.selector, "reason");
        }
    }
}

contract BalanceSheetTest {
    function test_TokensAndHoldersMustBeAsMany() public {
        try new BalanceSheet(new address[](1), new address[](2)) {
            revert("an uneven question was answered");
        } catch {}
    }

    function test_ATokenThatDoesNotAnswerFailsTheWholeRead() public {
        address[] memory tokens = new address[](1);
        tokens[0] = address(this);
        try new BalanceSheet(tokens, new address[](1)) {
            revert("a missing balance was read as zero");
        } catch {}
    }
}
