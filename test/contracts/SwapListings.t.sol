// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {SwapExecutor} from "../../contracts/swap/SwapExecutor.sol";
import {SwapListings} from "../../contracts/swap/SwapListings.sol";
import {Stage} from "./support/Stage.sol";

/// What the owner lists, that only the owner does, and that pools come from their factories.
contract SwapListingsTest is Stage {
    address private a;
    address private b;

    function setUp() public {
        _openStage();
        a = address(_token("A"));
        b = address(_token("B"));
    }

    function test_TheFirstOperatorsAndTokensAreThoseOfTheConstructor() public {
        SwapExecutor fresh = new SwapExecutor(address(7), _two(a, b), _one(b));
        require(fresh.owner() == address(7), "owner");
        require(fresh.isOperator(a) && fresh.isOperator(b), "operators");
        require(fresh.isToken(b) && !fresh.isToken(a), "tokens");
    }

    function test_APairIsListedAsItsFactoryNamesIt() public {
        address pair = _openPair(a, b, DEPTH, DEPTH);
        require(executor.listPair(pairs, b, a, 3_000) == pair, "pair");
        SwapListings.Listing memory listing = executor.listingOf(pair);
        require(listing.kind == SwapListings.Kind.V2 && listing.feePips == 3_000, "listing");
        _inOrder(listing);
    }

    function test_APoolIsListedAsItsFactoryNamesIt() public {
        address pool = _openPool(a, b, 100, EVEN, 1e9);
        require(executor.listPool(pools, a, b, 100) == pool, "pool");
        SwapListings.Listing memory listing = executor.listingOf(pool);
        require(listing.kind == SwapListings.Kind.V3 && listing.feePips == 100, "listing");
        _inOrder(listing);
        executor.delistPool(pool);
        require(executor.listingOf(pool).kind == SwapListings.Kind.None, "delisted");
    }

    function test_WhatNoFactoryKnowsCannotBeListed() public {
        vm.expectPartialRevert(SwapListings.NoSuchPool.selector);
        executor.listPair(pairs, a, b, 3_000);
        vm.expectPartialRevert(SwapListings.NoSuchPool.selector);
        executor.listPool(pools, a, b, 500);
    }

    function test_BothTokensOfAPoolMustBeListed() public {
        _openPair(a, b, DEPTH, DEPTH);
        for (uint256 i = 0; i < 2; i++) {
            address token = i == 0 ? a : b;
            executor.setToken(token, false);
            vm.expectRevert(abi.encodeWithSelector(SwapListings.TokenNotListed.selector, token));
            executor.listPair(pairs, a, b, 3_000);
            executor.setToken(token, true);
        }
        executor.listPair(pairs, a, b, 3_000);
    }

    function test_AFeeIsBelowTheWhole() public {
        _openPair(a, b, DEPTH, DEPTH);
        vm.expectRevert(abi.encodeWithSelector(SwapListings.FeeOutOfRange.selector, 1_000_000));
        executor.listPair(pairs, a, b, 1_000_000);
        executor.listPair(pairs, a, b, 999_999);
    }

    function test_NobodyIsNoOperatorAndNoToken() public {
        vm.expectRevert(SwapListings.ZeroAddress.selector);
        executor.setOperator(address(0), true);
        vm.expectRevert(SwapListings.ZeroAddress.selector);
        executor.setToken(address(0), true);
    }

    function testFuzz_OnlyTheOwnerLists(address stranger) public {
        vm.assume(stranger != address(this));
        bytes[5] memory calls = [
            abi.encodeCall(SwapListings.setOperator, (stranger, true)),
            abi.encodeCall(SwapListings.setToken, (stranger, true)),
            abi.encodeCall(SwapListings.listPair, (pairs, a, b, 1)),
            abi.encodeCall(SwapListings.listPool, (pools, a, b, 1)),
            abi.encodeCall(SwapListings.delistPool, (a))
        ];
        for (uint256 i = 0; i < calls.length; i++) {
            vm.prank(stranger);
            (bool isDone, bytes memory reason) = address(executor).call(calls[i]);
            require(!isDone, "a stranger listed");
            require(bytes4(reason) == Ownable.OwnableUnauthorizedAccount.selector, "reason");
        }
    }

    function test_AnOwnerIsReplacedOnlyBySomebodyWhoAccepts() public {
        executor.transferOwnership(address(7));
        require(executor.owner() == address(this), "not yet");
        executor.setToken(address(8), true);
        vm.prank(address(7));
        executor.acceptOwnership();
        require(executor.owner() == address(7), "now");
    }

    function test_TheExecutorTakesNoEther() public {
        (bool isDone, ) = address(executor).call{value: 1}("");
        require(!isDone, "ether was taken");
    }

    function _inOrder(SwapListings.Listing memory listing) private view {
        (address low, address high) = a < b ? (a, b) : (b, a);
        require(listing.token0 == low && listing.token1 == high, "order");
    }
}
